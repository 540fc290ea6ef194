namespace BoneMet.Hosting;

/// <param name="Sha256">Digest of the whole key text, lower-case hex.</param>
/// <param name="CreatedAt">When the key was made.</param>
public sealed record SiteKey(string Sha256, DateTimeOffset CreatedAt);
