using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using BoneMet.Storage;

namespace BoneMet.Hosting;

/// <summary>
/// The sites and their keys. Works without a host too: <c>new SiteRegistry(store.Collection&lt;Site&gt;(), TimeProvider.System)</c>; a site
/// added by one process is known to the others at once, a disabled one is refused within <see cref="Freshness"/>.
/// </summary>
public sealed class SiteRegistry(IDocumentCollection<Site> sites, TimeProvider clock)
{
    /// <summary>How long a recognised key is believed before it is looked up again.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    private const string Prefix = "bm_";
    private const int LongestName = 40;
    private const int LongestKey = 128;
    private const int CacheLimit = 10_000;
    private readonly ConcurrentDictionary<Digest, Known> cache = new();

    /// <summary>1 to 40 of a–z, 0–9 and '-', beginning with a letter or digit.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= LongestName } && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Makes a site with its first key; null when the name is taken.</summary>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    public async Task<NewSiteKey?> Add(string name, bool isOperator = false, CancellationToken cancellation = default)
    {
        if (!IsName(name)) { throw new ArgumentException($"'{name}' cannot name a site: 1 to {LongestName} of a-z, 0-9 and '-'.", nameof(name)); }
        var now = clock.GetUtcNow();
        var key = NewKey(name);
        var site = await sites.TrySave(new Site { Id = name, IsOperator = isOperator, CreatedAt = now, Keys = [new SiteKey(Sha256(key), now)] }, cancellation);
        return site is null ? null : new NewSiteKey(site, key);
    }

    /// <summary>Gives a site one more key, the others stay valid; null when there is no such site.</summary>
    public async Task<NewSiteKey?> AddKey(string name, CancellationToken cancellation = default)
    {
        while (await sites.Find(name, cancellation) is { } site)
        {
            var key = NewKey(name);
            if (await sites.TrySave(site with { Keys = [.. site.Keys, new SiteKey(Sha256(key), clock.GetUtcNow())] }, cancellation) is { } saved) { return new NewSiteKey(saved, key); }
        }
        return null;
    }

    /// <summary>Lets a key in that was made elsewhere, and makes its site when there is none; a site that was disabled stays so.</summary>
    /// <exception cref="ArgumentException">The key is not of the form <c>bm_NAME_SECRET</c>.</exception>
    public async Task Ensure(string key, bool isOperator, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var parts = key.Split('_', 3);
        if (parts is not ["bm", var name, { Length: > 0 }] || !IsName(name) || key.Length > LongestKey) { throw new ArgumentException("A key is bm_, the name of its site, _ and a secret.", nameof(key)); }
        while (true)
        {
            var now = clock.GetUtcNow();
            var site = await sites.Find(name, cancellation) ?? new Site { Id = name, IsOperator = isOperator, CreatedAt = now, Keys = [] };
            var hash = Sha256(key);
            if (site.Keys.Any(known => known.Sha256 == hash) || await sites.TrySave(site with { Keys = [.. site.Keys, new SiteKey(hash, now)] }, cancellation) is not null) { return; }
        }
    }

    /// <summary>Refuses all keys of a site from now on; false when there is no such site.</summary>
    public async Task<bool> Disable(string name, CancellationToken cancellation = default)
    {
        while (await sites.Find(name, cancellation) is { } site)
        {
            if (site.DisabledAt is not null || await sites.TrySave(site with { DisabledAt = clock.GetUtcNow() }, cancellation) is not null)
            {
                cache.Clear();
                return true;
            }
        }
        return false;
    }

    public async Task<IReadOnlyList<Site>> List(CancellationToken cancellation = default)
    {
        var all = new List<Site>();
        string? after = null;
        do
        {
            var page = await sites.Query(after: after, limit: 500, cancellation: cancellation);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    public Task<Site?> Find(string name, CancellationToken cancellation = default) => sites.Find(name, cancellation);

    /// <summary>The caller whose key this is; null when it is nobody's, or a disabled site's.</summary>
    public ValueTask<Caller?> Authenticate(ReadOnlySpan<char> key, CancellationToken cancellation = default)
    {
        if (key.Length is 0 or > LongestKey || !key.StartsWith(Prefix)) { return ValueTask.FromResult<Caller?>(null); }
        Span<byte> text = stackalloc byte[LongestKey * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(key, text)], hash);
        var digest = MemoryMarshal.Read<Digest>(hash);
        if (cache.TryGetValue(digest, out var known) && clock.GetElapsedTime(known.At) < Freshness) { return ValueTask.FromResult<Caller?>(known.Caller); }

        var rest = key[Prefix.Length..];
        var end = rest.IndexOf('_');
        return end <= 0 ? ValueTask.FromResult<Caller?>(null) : LookUp(rest[..end].ToString(), digest, Convert.ToHexStringLower(hash), cancellation);
    }

    internal static string Sha256(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string NewKey(string name) => $"{Prefix}{name}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";

    private async ValueTask<Caller?> LookUp(string name, Digest digest, string hex, CancellationToken cancellation)
    {
        var site = IsName(name) ? await sites.Find(name, cancellation) : null;
        var candidate = Encoding.ASCII.GetBytes(hex);
        var matches = false;
        foreach (var key in site?.Keys ?? []) { matches |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(key.Sha256), candidate); }
        if (site is null || !matches || site.DisabledAt is not null)
        {
            cache.TryRemove(digest, out _);
            return null;
        }
        if (cache.Count >= CacheLimit) { cache.Clear(); }
        var caller = new Caller(site.Id, site.IsOperator);
        cache[digest] = new Known(caller, clock.GetTimestamp());
        return caller;
    }

    private readonly record struct Digest(ulong A, ulong B, ulong C, ulong D);

    private sealed record Known(Caller Caller, long At);
}
