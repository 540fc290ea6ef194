using System.Globalization;
using BoneMet.Contracts.Events;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>A prediction that passed a watched threshold: what is told about it, kept with the case so that it can be told again.</summary>
internal sealed record RiskCrossing
{
    public const string RoseTo = "rose-to";
    public const string FellBelow = "fell-below";

    public required string WatchId { get; init; }
    public required string PredictionId { get; init; }
    public required string ModelId { get; init; }
    public required string ModelVersion { get; init; }
    public required double Probability { get; init; }
    public required double Threshold { get; init; }
    public required string Direction { get; init; }
    public required DateTimeOffset At { get; init; }

    public string Text => string.Create(CultureInfo.InvariantCulture, $"The risk {(Direction == RoseTo ? "rose to" : "fell below")} the watched threshold of {100 * Threshold:0.##} %: now {100 * Probability:0.0} %.");

    public RiskThresholdCrossed Event(string caseId) => new()
    {
        CaseId = caseId,
        WatchId = WatchId,
        PredictionId = PredictionId,
        ModelId = ModelId,
        ModelVersion = ModelVersion,
        Probability = Probability,
        Threshold = Threshold,
        Direction = Direction,
        At = At,
    };
}
