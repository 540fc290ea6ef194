using System.ComponentModel.DataAnnotations;

namespace BoneMet.Hosting;

/// <summary>Where this process listens. Port 0 takes a free one.</summary>
public sealed class HttpOptions
{
    public const string Section = "Http";

    /// <summary>Address to bind: loopback by default, so that nothing is open by accident; <c>0.0.0.0</c> in a container.</summary>
    [Required] public string Bind { get; set; } = "127.0.0.1";

    /// <summary>REST, DICOMweb, health, metrics: HTTP/1.1.</summary>
    [Range(0, 65535)] public int Port { get; set; } = 8080;

    /// <summary>gRPC: HTTP/2 in clear text.</summary>
    [Range(0, 65535)] public int GrpcPort { get; set; } = 8081;

    /// <summary>Origins (<c>https://viewer.hospital.example</c>) whose pages may call from a browser, such as a DICOMweb viewer. Set it where browsers come in: the gateway or AllInOne. Empty: none but our own.</summary>
    public IList<string> CorsOrigins { get; set; } = [];
}
