using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BoneMet.Dicom;
using BoneMet.Dicom.Network;

namespace BoneMet.Cli.Dicom;

/// <summary>What every command that talks to a peer takes: the peer, our title, and certificates for TLS.</summary>
internal sealed class PeerArguments
{
    private const int Bad = 2;
    private readonly Argument<string> peer = new("PEER") { Description = "AET@host:port, with +tls at the end for TLS" };
    private readonly Option<string> calling = new("--aet") { Description = "Our AE title", DefaultValueFactory = _ => "BONEMET" };
    private readonly Option<string?> certificate = new("--cert") { Description = "With TLS: PEM file of our certificate, shown to the peer" };
    private readonly Option<string?> key = new("--key-file") { Description = "With --cert: PEM file of its private key (default: the same file)" };
    private readonly Option<string?> authorities = new("--ca") { Description = "With TLS: PEM file of the authorities that the peer's certificate must come from (default: those of this machine)" };

    public void AddTo(Command command)
    {
        command.Add(peer);
        foreach (var option in (Option[])[calling, certificate, key, authorities]) { command.Add(option); }
    }

    /// <summary>Associates, acts, releases; what goes wrong is said in one sentence.</summary>
    /// <returns>The exit code: that of the action, or 2.</returns>
    public async Task<int> With(
        ParseResult parsed, IReadOnlyList<DicomPresentationContext> contexts, Func<DicomClient, Task<int>> action, CancellationToken cancellation, IReadOnlyDictionary<string, (bool Scu, bool Scp)>? roles = null)
    {
        var text = parsed.GetValue(peer)!;
        if (!DicomPeer.TryParse(text, out var known)) { return Refuse($"'{text}' is no peer: give AET@host:port"); }
        var title = parsed.GetValue(calling)!;
        if (title.Length is 0 or > 16) { return Refuse("--aet must have 1 to 16 characters"); }
        var (certificateFile, authorityFile) = (parsed.GetValue(certificate), parsed.GetValue(authorities));
        if (!known.Tls && (certificateFile ?? authorityFile) is not null) { return Refuse("--cert and --ca are for TLS: add +tls to the peer"); }
        try
        {
            using var own = certificateFile is null ? null : X509Certificate2.CreateFromPemFile(certificateFile, parsed.GetValue(key));
            await using var client = await DicomClient.Connect(known, title, contexts, roles: roles, certificate: own, authorities: authorityFile is null ? null : [.. Read(authorityFile)], cancellation: cancellation);
            var code = await action(client);
            await client.Release(cancellation);
            return code;
        }
        catch (Exception fault) when (fault is DicomException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            return Refuse(fault.Message);
        }
    }

    public static int Refuse(string reason)
    {
        Console.Error.WriteLine($"bonemet: {reason}");
        return Bad;
    }

    private static X509Certificate2Collection Read(string path)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(path);
        return found.Count > 0 ? found : throw new CryptographicException($"{path} holds no certificate in PEM form");
    }
}
