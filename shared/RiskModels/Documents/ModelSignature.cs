namespace BoneMet.RiskModels;

/// <summary>Ed25519 over the UTF-8 bytes of the canonical form without the signature itself.</summary>
public sealed record ModelSignature
{
    public required string KeyId { get; init; }

    /// <summary>Base64 of the 32-byte public key.</summary>
    public required string PublicKey { get; init; }

    /// <summary>Base64 of the 64-byte signature.</summary>
    public required string Value { get; init; }
}
