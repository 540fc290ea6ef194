using System.Security.Cryptography.X509Certificates;

namespace BoneMet.Dicom.Network;

/// <summary>Certificates are judged against given authorities, never against the machine's public list.</summary>
internal static class Trust
{
    public static bool IsIssuedBy(X509Certificate certificate, IReadOnlyList<X509Certificate2> authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var leaf = new X509Certificate2(certificate);
        return chain.Build(leaf);
    }
}
