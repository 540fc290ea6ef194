using System.ComponentModel.DataAnnotations;

namespace BoneMet.NomogramAggregation.Models;

internal sealed class ModelOptions : IValidatableObject
{
    public const string Section = "Models";
    private const int KeyBytes = 32;

    /// <summary>Ed25519 public keys (base64) whose signatures are trusted; with none here, any key's signature that fits is taken.</summary>
    public IReadOnlyList<string> TrustedKeys { get; set; } = [];

    /// <summary>True: documents without a signature may be published, too.</summary>
    public bool AcceptUnsigned { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var key = new byte[KeyBytes];
        foreach (var (index, text) in TrustedKeys.Index())
        {
            if (!Convert.TryFromBase64String(text, key, out var length) || length != KeyBytes)
            {
                yield return new ValidationResult($"{Section}:TrustedKeys:{index} is not the base64 of a {KeyBytes}-byte public key.", [nameof(TrustedKeys)]);
            }
        }
    }
}
