using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace BoneMet.Dicom.Network;

/// <summary>Where an SCP listens, whom it lets in, and its limits.</summary>
public sealed record DicomServerOptions
{
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0: any free port.</summary>
    public int Port { get; init; } = 11112;
    public string AETitle { get; init; } = "BONEMET";

    /// <summary>Refuse associations that call another title.</summary>
    public bool CheckCalledAE { get; init; } = true;

    /// <summary>Titles that may call; empty: all.</summary>
    public IReadOnlySet<string> AllowedAETitles { get; init; } = new HashSet<string>();

    /// <summary>Networks that may connect; empty: all.</summary>
    public IReadOnlyList<IPNetwork> AllowedNetworks { get; init; } = [];

    /// <summary>Associations at once; more are refused as "temporarily".</summary>
    public int MaxAssociations { get; init; } = 128;

    /// <summary>Longest life of an association.</summary>
    public TimeSpan MaxAssociationTime { get; init; } = TimeSpan.FromHours(12);
    public DicomNetworkLimits Limits { get; init; } = new();

    /// <summary>TLS when set.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>With TLS: clients must show a certificate that one of these issued; empty: no client certificate is asked for.</summary>
    public IReadOnlyList<X509Certificate2> ClientAuthorities { get; init; } = [];

    /// <summary>Whom we believe when we connect to a peer ourselves (C-MOVE, commitment reports): the same authorities, else the machine's.</summary>
    internal IReadOnlyList<X509Certificate2>? PeerAuthorities => ClientAuthorities.Count > 0 ? ClientAuthorities : null;
}
