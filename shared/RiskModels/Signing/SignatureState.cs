namespace BoneMet.RiskModels;

/// <summary>What a model's signature is worth.</summary>
public enum SignatureState
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>It fits the document and is by a trusted key.</summary>
    Trusted,

    /// <summary>It fits the document; nobody vouches for its key.</summary>
    UnknownKey,

    /// <summary>It does not fit: document or signature was changed after signing.</summary>
    Tampered,
}
