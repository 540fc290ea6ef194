using Microsoft.Extensions.Options;

namespace BoneMet.NomogramAggregation.Cases;

[OptionsValidator]
internal sealed partial class CaseOptionsValidator : IValidateOptions<CaseOptions>;
