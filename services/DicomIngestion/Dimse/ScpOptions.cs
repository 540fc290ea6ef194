using System.ComponentModel.DataAnnotations;

namespace BoneMet.DicomIngestion.Dimse;

/// <summary>The DIMSE side: whom we listen to, and whom we know.</summary>
internal sealed class ScpOptions
{
    public const string Section = "Ingestion:Scp";

    /// <summary>Port of the SCP (11112, with TLS 2762, by custom; 0 takes any free one). Without it nothing listens.</summary>
    [Range(0, 65535)] public int? Port { get; set; }
    [Required] public string Bind { get; set; } = "127.0.0.1";
    [Required, StringLength(16, MinimumLength = 1)] public string AeTitle { get; set; } = "BONEMET";

    /// <summary>Refuse associations that call another title.</summary>
    public bool CheckCalledAe { get; set; } = true;

    /// <summary>Site to which studies belong that come by DIMSE.</summary>
    [Required] public string Site { get; set; } = "local";

    /// <summary>Calling titles that are let in; empty: all.</summary>
    public IList<string> AllowedAeTitles { get; set; } = [];

    /// <summary>Networks (10.1.0.0/16) that are let in; empty: all.</summary>
    public IList<string> AllowedNetworks { get; set; } = [];

    /// <summary>Known peers, AET@host:port: destinations of C-MOVE and of commitment reports.</summary>
    public IList<string> Peers { get; set; } = [];
    [Range(1, 4096)] public int MaxAssociations { get; set; } = 128;
    [Range(1, 3600)] public int IdleSeconds { get; set; } = 60;

    /// <summary>PKCS#12 file of the server's certificate: TLS when given.</summary>
    public string? Certificate { get; set; }
    public string? CertificatePassword { get; set; }

    /// <summary>PEM file of authorities whose client certificates are let in.</summary>
    public string? ClientAuthorities { get; set; }
}
