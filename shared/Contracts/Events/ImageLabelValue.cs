namespace BoneMet.Contracts.Events;

/// <summary>A label on the logit scale, with all that is needed to say where it came from.</summary>
public sealed record ImageLabelValue
{
    public required double Logit { get; init; }
    public required string EncoderId { get; init; }
    public required string EncoderVersion { get; init; }
    public required string EncoderSha256 { get; init; }

    /// <summary>False: shown, but never part of a model's logit.</summary>
    public required bool Trained { get; init; }

    /// <summary>True: the encoder was trained on generated data, and says so wherever the label appears.</summary>
    public bool Synthetic { get; init; }

    /// <summary>Execution provider that computed it: CPU, CUDA, TensorRT.</summary>
    public required string Provider { get; init; }

    /// <summary>Standard error on the logit scale, when one was estimated.</summary>
    public double? StandardError { get; init; }

    /// <summary>Number of tiles or cubes that were pooled.</summary>
    public required int Items { get; init; }

    /// <summary>Why the label is withheld, or null.</summary>
    public string? Withheld { get; init; }
}
