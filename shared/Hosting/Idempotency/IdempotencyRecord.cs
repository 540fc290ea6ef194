using BoneMet.Storage;

namespace BoneMet.Hosting;

/// <summary>One use of an Idempotency-Key: first claimed, then answered. Its id is a digest of caller and key.</summary>
internal sealed record IdempotencyRecord : StoredDocument
{
    /// <summary>The id that the request's resource gets, at the first attempt and at every repetition.</summary>
    public required string ResourceId { get; init; }

    /// <summary>The process that works on it; null when its attempt failed without an answer.</summary>
    public string? Owner { get; init; }
    public required DateTimeOffset ClaimedAt { get; init; }

    /// <summary>SHA-256 over method, path, query and body; null until answered.</summary>
    public string? Fingerprint { get; init; }
    public int? Status { get; init; }
    public string? ContentType { get; init; }
    public string? Location { get; init; }
    public string? ETag { get; init; }
    public byte[]? Body { get; init; }
}
