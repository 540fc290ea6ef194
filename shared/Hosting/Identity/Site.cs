using BoneMet.Storage;

namespace BoneMet.Hosting;

/// <summary>A site that may call, or an operator. Its id is its name.</summary>
public sealed record Site : StoredDocument
{
    public required bool IsOperator { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>SHA-256 (hex) of each valid key. A key is 256 random bits, so that a slow hash would add nothing.</summary>
    public required IReadOnlyList<SiteKey> Keys { get; init; }
}
