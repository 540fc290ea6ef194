namespace BoneMet.Dicom.Network;

/// <summary>Another application entity.</summary>
public sealed record DicomPeer(string AETitle, string Host, int Port, bool Tls = false)
{
    /// <summary>Reads <c>AET@host:port</c>, with <c>+tls</c> at the end for TLS.</summary>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DicomPeer? peer)
    {
        peer = null;
        if (text is null) { return false; }
        var tls = text.EndsWith("+tls", StringComparison.OrdinalIgnoreCase);
        var plain = tls ? text[..^4] : text;
        var (at, colon) = (plain.IndexOf('@', StringComparison.Ordinal), plain.LastIndexOf(':'));
        if (at is < 1 or > 16 || colon <= at + 1 || !int.TryParse(plain[(colon + 1)..], out var port) || port is < 1 or > 65535) { return false; }
        peer = new DicomPeer(plain[..at], plain[(at + 1)..colon], port, tls);
        return true;
    }
}
