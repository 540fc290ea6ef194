using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BoneMet.Hosting;

/// <summary>
/// The caller as one service tells another: <c>1.SITE.ROLE.EXPIRY.MAC</c> in the header <c>X-BoneMet-Caller</c>, signed with
/// <see cref="IdentityOptions.InternalKey"/> (HMAC-SHA-256) and valid for two minutes.
/// </summary>
public sealed class CallerSignature(byte[] key, TimeProvider clock)
{
    public const string Header = "X-BoneMet-Caller";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Reuse = TimeSpan.FromSeconds(30);
    private const int CacheLimit = 10_000;
    private readonly ConcurrentDictionary<Caller, (string Text, DateTimeOffset Until)> signed = new();

    /// <summary>The header's value for this caller.</summary>
    public string Sign(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var now = clock.GetUtcNow();
        if (signed.TryGetValue(caller, out var known) && now < known.Until) { return known.Text; }
        var site = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(caller.Site));
        var payload = string.Create(CultureInfo.InvariantCulture, $"1.{site}.{(caller.IsOperator ? 'o' : 's')}.{(now + Lifetime).ToUnixTimeSeconds()}");
        var text = $"{payload}.{Base64Url.EncodeToString(Mac(payload))}";
        if (signed.Count >= CacheLimit) { signed.Clear(); }
        signed[caller] = (text, now + Reuse);
        return text;
    }

    /// <summary>The caller that the header names; null when it is forged, malformed or expired.</summary>
    public Caller? Verify(string? header)
    {
        var end = header?.LastIndexOf('.') ?? -1;
        if (header is null || header.Length > 1024 || end <= 0) { return null; }
        var payload = header[..end];
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes + 3];
        if (Base64Url.DecodeFromChars(header.AsSpan(end + 1), mac, out _, out var length) != OperationStatus.Done || !CryptographicOperations.FixedTimeEquals(mac[..length], Mac(payload))) { return null; }
        var parts = payload.Split('.');
        if (parts is not ["1", var site, "o" or "s", var expiry] || !long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) { return null; }
        if (seconds < clock.GetUtcNow().ToUnixTimeSeconds()) { return null; }
        return new Caller(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(site)), parts[2] == "o");
    }

    private byte[] Mac(string payload) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(payload));
}
