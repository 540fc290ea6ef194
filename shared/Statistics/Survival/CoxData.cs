namespace BoneMet.Statistics.Survival;

/// <summary>Subjects of a Cox regression; every array has one entry per subject.</summary>
public sealed record CoxData
{
    /// <summary>Follow-up, finite and not negative.</summary>
    public required double[] Time { get; init; }

    /// <summary>1 event, 0 censored.</summary>
    public required int[] Status { get; init; }

    /// <summary>Columns of the design, without intercept.</summary>
    public required IReadOnlyList<double[]> Columns { get; init; }

    /// <summary>Names of the columns, for messages.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Known part of the linear predictor; null: 0.</summary>
    public double[]? Offset { get; init; }

    /// <summary>Case weights, positive; null: 1.</summary>
    public double[]? Weights { get; init; }

    /// <summary>Stratum of each subject: each has its own baseline hazard; null: one.</summary>
    public int[]? Strata { get; init; }
}
