using System.ComponentModel.DataAnnotations;
using System.Net;

namespace BoneMet.NomogramAggregation.Screening;

internal sealed class WebhookOptions : IValidatableObject
{
    public const string Section = "Webhooks";

    /// <summary>Hosts ("ehr.hospital.example", or with ":port") that may be told; with none, webhooks are off.</summary>
    public IReadOnlyList<string> Destinations { get; set; } = [];

    /// <summary>Networks ("10.20.0.0/16") beside public addresses that a destination may resolve to.</summary>
    public IReadOnlyList<string> Networks { get; set; } = [];

    /// <summary>True: http:// is allowed, too. The message is signed, but not secret.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Seconds to the first retry; each next one takes four times as long, six hours at most.</summary>
    [Range(1, 3_600)]
    public int RetrySeconds { get; set; } = 5;

    /// <summary>Hours after which a message that nobody takes is given up.</summary>
    [Range(1, 720)]
    public int GiveUpHours { get; set; } = 72;

    /// <summary>Seconds that a destination may take to answer.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 10;

    public TimeSpan GiveUp => TimeSpan.FromHours(GiveUpHours);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (index, network) in Networks.Index())
        {
            if (!IPNetwork.TryParse(network, out _)) { yield return new ValidationResult($"{Section}:Networks:{index} is '{network}', which is no network: 10.20.0.0/16 is one.", [nameof(Networks)]); }
        }
        foreach (var (index, destination) in Destinations.Index())
        {
            if (destination.Contains('/', StringComparison.Ordinal) || !Uri.TryCreate($"https://{destination}/", UriKind.Absolute, out _)) { yield return new ValidationResult($"{Section}:Destinations:{index} is '{destination}', which is no host or host:port.", [nameof(Destinations)]); }
        }
    }
}
