using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BoneMet.NomogramAggregation.Screening;

/// <summary>Signs as Standard Webhooks 1.0.0 says (www.standardwebhooks.com): HMAC-SHA-256 over "id.timestamp.body", so that any of its libraries verifies.</summary>
internal static class WebhookSignature
{
    public const string SecretPrefix = "whsec_";
    private const int SecretBytes = 32;

    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The value of the header webhook-signature.</summary>
    public static string Of(string secret, string id, long timestamp, string body)
    {
        var key = Convert.FromBase64String(secret[SecretPrefix.Length..]);
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"));
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}";
    }
}
