using System.ComponentModel.DataAnnotations;

namespace BoneMet.Gateway.Limits;

internal sealed class LimitOptions
{
    public const string Section = "Gateway:Limits";

    /// <summary>Requests per second that one site may make on average.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 20_000;

    /// <summary>Requests that one site may make at once beyond its average.</summary>
    [Range(1, 10_000_000)]
    public int Burst { get; set; } = 40_000;
}
