using System.Security.Cryptography;
using System.Text;
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
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly byte[] key;

    public WebhookSecrets(IOptions<IdentityOptions> identity, IOptions<DataOptions> data) =>
        key = HMACSHA256.HashData(identity.Value.InternalKey is { } known ? Encoding.UTF8.GetBytes(known) : OwnKey(Path.Combine(data.Value.Folder, FileName)), "webhook secrets"u8);

    public string Seal(string watchId, string secret)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceBytes + TagBytes + text.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(box.AsSpan(0, NonceBytes), text, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(watchId));
        return Convert.ToBase64String(box);
    }

    /// <summary>The secret; null when it was sealed with another key. One of an earlier release lies in the clear.</summary>
    public string? Open(string watchId, string kept)
    {
        if (kept.StartsWith(WebhookSignature.SecretPrefix, StringComparison.Ordinal)) { return kept; }
        var box = Convert.FromBase64String(kept);
        if (box.Length < NonceBytes + TagBytes) { return null; }
        var text = new byte[box.Length - NonceBytes - TagBytes];
        try
        {
            using var cipher = new AesGcm(key, TagBytes);
            cipher.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), text, Encoding.UTF8.GetBytes(watchId));
        }
        catch (AuthenticationTagMismatchException) { return null; }
        return Encoding.UTF8.GetString(text);
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
