namespace BoneMet.Statistics.Regression;

/// <summary>How an elastic-net path is made; defaults are those of <c>glmnet(family = "binomial")</c>.</summary>
public sealed record ElasticNetOptions
{
    /// <summary>Mixing α: 1 is the LASSO, 0 ridge.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Penalties in descending order; null means the grid of glmnet.</summary>
    public double[]? Lambdas { get; init; }

    /// <summary>Length of the grid.</summary>
    public int Count { get; init; } = 100;

    /// <summary>Smallest penalty as a share of the largest; null means 1e-4 (0.01 where there are more columns than rows).</summary>
    public double? SmallestShare { get; init; }

    /// <summary>Threads; 0 means one per processor. The numbers do not depend on it.</summary>
    public int Threads { get; init; } = 1;
}
