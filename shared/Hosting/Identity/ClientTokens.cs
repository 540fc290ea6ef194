using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BoneMet.Hosting;

/// <summary>
/// Recognises the signed tokens of CDS clients (CDS Hooks 2.0, "Trusting CDS Clients"): RS384 or ES384 by a key of the issuer's own key file, for the very
/// endpoint that is called, in its time, once. What a token was used for is remembered until it ends, in this process.
/// </summary>
internal sealed class ClientTokens
{
    private const string Path = "/cds-services";
    private const int LongestToken = 8 * 1024;
    private const int MostRemembered = 100_000;
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, (string Site, TokenKeys Keys)> clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> used = new(StringComparer.Ordinal);
    private readonly string address;
    private readonly SiteRegistry sites;
    private readonly TimeProvider clock;

    public ClientTokens(IOptions<TokenOptions> options, SiteRegistry sites, TimeProvider clock)
    {
        (this.sites, this.clock, address) = (sites, clock, options.Value.Address?.GetLeftPart(UriPartial.Authority) ?? "");
        foreach (var client in options.Value.Clients)
        {
            try
            {
                clients[client.Issuer!] = (client.Site!, TokenKeys.Read(File.ReadAllText(client.Keys!)));
            }
            catch (InvalidDataException fault)
            {
                throw new OptionsValidationException(TokenOptions.Section, typeof(TokenOptions), [$"The key file of '{client.Issuer}' cannot be used: {fault.Message}."]);
            }
        }
    }

    /// <summary>Is this a token, on a path where tokens count? Elsewhere only API keys do.</summary>
    public bool Concerns(PathString path, string bearer) => clients.Count > 0 && path.StartsWithSegments(Path) && bearer.Count(letter => letter == '.') == 2;

    /// <summary>The caller; null with the reason when the token does not count.</summary>
    public async ValueTask<(Caller? Caller, string? Refusal)> Authenticate(string token, PathString path, CancellationToken cancellation)
    {
        if (!TryRead(token, path, out var site, out var refusal)) { return (null, refusal); }
        return await sites.Find(site, cancellation) is { DisabledAt: null } ? (new Caller(site, IsOperator: false), null) : (null, "its site is not known here or is disabled");
    }

    private bool TryRead(string token, PathString path, [NotNullWhen(true)] out string? site, [NotNullWhen(false)] out string? refusal)
    {
        site = null;
        refusal = "it is no signed JWT";
        if (token.Length > LongestToken || token.Split('.') is not [var head, var body, var mark]) { return false; }
        JsonElement header, claims;
        byte[] signature;
        try
        {
            (header, claims, signature) = (Parse(head), Parse(body), Base64Url.DecodeFromChars(mark));
        }
        catch (Exception fault) when (fault is JsonException or FormatException) { return false; }

        if (Text(header, "alg") is not ("RS384" or "ES384") || header.TryGetProperty("crit", out _)) { refusal = "its alg must be RS384 or ES384"; }
        else if (Text(header, "kid") is not { } kid) { refusal = "its header has no kid"; }
        else if (Text(claims, "iss") is not { } issuer || !clients.TryGetValue(issuer, out var client)) { refusal = "its iss is not trusted here"; }
        else if (!client.Keys.Verify(Text(header, "alg")!, kid, Encoding.ASCII.GetBytes($"{head}.{body}"), signature)) { refusal = "no key of its issuer verifies it"; }
        else if (!Audience(claims).Contains(address + path, StringComparer.Ordinal)) { refusal = "its aud is not the endpoint that is called"; }
        else if (Time(claims, "exp") is not { } end || Time(claims, "iat") is not { } begin) { refusal = "it needs exp and iat"; }
        else if (clock.GetUtcNow() is var now && (end + Skew < now || begin - Skew > now)) { refusal = "its time is over or has not come"; }
        else if (end - begin > LongestLife) { refusal = $"it lives longer than {LongestLife.TotalMinutes} minutes"; }
        else if (Text(claims, "jti") is not { Length: > 0 and <= 200 } id) { refusal = "it has no jti"; }
        else if (!Remember($"{issuer} {id}", end + Skew, now)) { refusal = "its jti was used before"; }
        else
        {
            (site, refusal) = (client.Site, null);
            return true;
        }
        return false;
    }

    private bool Remember(string id, DateTimeOffset until, DateTimeOffset now)
    {
        if (used.Count >= MostRemembered)
        {
            foreach (var (old, end) in used)
            {
                if (end < now) { used.TryRemove(old, out _); }
            }

            // More live tokens than any client needs: rather none is taken than one twice.
            if (used.Count >= MostRemembered) { return false; }
        }
        return used.TryAdd(id, until);
    }

    private static JsonElement Parse(string part)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part));
        return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new JsonException("not an object");
    }

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is > 0 and < 1e11 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;

    private static IEnumerable<string?> Audience(JsonElement claims)
    {
        if (!claims.TryGetProperty("aud", out var audience)) { return []; }
        return audience.ValueKind switch
        {
            JsonValueKind.String => [audience.GetString()],
            JsonValueKind.Array => [.. audience.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString())],
            _ => [],
        };
    }
}
