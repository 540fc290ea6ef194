using Microsoft.Extensions.Options;

namespace BoneMet.Gateway.Limits;

[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
