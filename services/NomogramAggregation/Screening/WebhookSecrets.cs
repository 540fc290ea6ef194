using System.Security.Cryptography;
using System.Text;
using BoneMet.Dicom.Deidentification;
using BoneMet.Hosting;
using Microsoft.Extensions.Options;

namespace BoneMet.NomogramAggregation.Screening;

/// <summary>
/// Seals the secrets of webhooks (AES-256-GCM) under the id of their watch, so that a copy of the store signs no message. The key is derived from the
/// installation's internal key; a process that holds every service and was given none makes a key file, readable by its user only.
/// </summary>
internal sealed class WebhookSecrets
{
    private const string FileName = "webhooks.key";
    private const int KeyBytes = 32;
    private readonly byte[] key;

    public WebhookSecrets(IOptions<IdentityOptions> identity, IOptions<DataOptions> data) =>
        key = HMACSHA256.HashData(identity.Value.InternalKey is { } known ? Encoding.UTF8.GetBytes(known) : OwnKey(Path.Combine(data.Value.Folder, FileName)), "webhook secrets"u8);

    public string Seal(string watchId, string secret) => SealedText.Seal(key, watchId, secret);

    /// <summary>The secret; null when it was sealed with another key. One of an earlier release lies in the clear.</summary>
    public string? Open(string watchId, string kept)
    {
        if (kept.StartsWith(WebhookSignature.SecretPrefix, StringComparison.Ordinal)) { return kept; }
        try { return SealedText.Open(key, watchId, kept); }
        catch (CryptographicException) { return null; }
    }

    private static byte[] OwnKey(string path)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            file.Flush(flushToDisk: true);
        }
        var read = File.ReadAllBytes(path);
        return read.Length == KeyBytes ? read : throw new InvalidOperationException($"{path} is not {KeyBytes} bytes long: it is no key.");
    }
}
