using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction.Inference;

[OptionsValidator]
internal sealed partial class InferenceOptionsValidator : IValidateOptions<InferenceOptions>;
