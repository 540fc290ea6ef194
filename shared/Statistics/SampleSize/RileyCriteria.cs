namespace BoneMet.Statistics.SampleSize;

/// <summary>Smallest sample for a new logistic prediction model, by the criteria of Riley et al.</summary>
/// <remarks>Riley RD et al., Stat Med 2019;38:1276 (part II, binary and time-to-event outcomes) and BMJ 2020;368:m441; as R's <c>pmsampsize</c>.</remarks>
public sealed record RileyCriteria
{
    /// <summary>Candidate parameters, all columns of the design counted.</summary>
    public required int Parameters { get; init; }

    /// <summary>Share of the subjects with the event.</summary>
    public required double Prevalence { get; init; }

    /// <summary>Cox–Snell R² that is expected of the model.</summary>
    public required double CoxSnellR2 { get; init; }

    /// <summary>Criterion 1: expected uniform shrinkage of at least 0.9.</summary>
    public required int ForShrinkage { get; init; }

    /// <summary>Criterion 2: Nagelkerke R² overestimated by at most 0.05.</summary>
    public required int ForOptimism { get; init; }

    /// <summary>Criterion 3: overall risk estimated within ±0.05.</summary>
    public required int ForIntercept { get; init; }

    /// <summary>Largest of the three.</summary>
    public int Subjects => Math.Max(ForShrinkage, Math.Max(ForOptimism, ForIntercept));

    /// <summary>Events among <see cref="Subjects"/>.</summary>
    public int Events => (int)Math.Ceiling(Subjects * Prevalence);

    /// <summary>Events for each candidate parameter among <see cref="Subjects"/>.</summary>
    public double EventsPerParameter => Subjects * Prevalence / Parameters;

    /// <summary>Largest possible Cox–Snell R² at a prevalence: 1 − (φ^φ (1−φ)^(1−φ))².</summary>
    public static double MaximumR2(double prevalence) => 1 - Math.Exp(2 * ((prevalence * Math.Log(prevalence)) + ((1 - prevalence) * Math.Log(1 - prevalence))));

    /// <summary>Cox–Snell R² that corresponds to a share of the largest possible one; 0.15 is Riley's default where nothing is known.</summary>
    public static double FromNagelkerke(double nagelkerke, double prevalence) => nagelkerke * MaximumR2(prevalence);

    /// <summary>Computes the three criteria.</summary>
    /// <param name="parameters">Candidate parameters, at least 1.</param>
    /// <param name="prevalence">Share with the event, between 0 and 1.</param>
    /// <param name="coxSnellR2">Expected Cox–Snell R², below <see cref="MaximumR2"/>.</param>
    /// <param name="shrinkage">Target shrinkage of criterion 1.</param>
    /// <exception cref="SampleSizeException">A value is out of range.</exception>
    public static RileyCriteria Of(int parameters, double prevalence, double coxSnellR2, double shrinkage = 0.9)
    {
        if (parameters < 1) { throw new SampleSizeException("A model needs at least one parameter."); }
        if (!(prevalence is > 0 and < 1)) { throw new SampleSizeException($"The prevalence {prevalence} is not between 0 and 1."); }
        var maximum = MaximumR2(prevalence);
        if (!(coxSnellR2 > 0 && coxSnellR2 < maximum)) { throw new SampleSizeException($"The Cox–Snell R² {coxSnellR2} is not between 0 and {maximum:0.###}, the largest that is possible at a prevalence of {prevalence}."); }
        var optimism = coxSnellR2 / (coxSnellR2 + (0.05 * maximum));
        return new RileyCriteria
        {
            Parameters = parameters, Prevalence = prevalence, CoxSnellR2 = coxSnellR2,
            ForShrinkage = Need(parameters, coxSnellR2, shrinkage),
            ForOptimism = Need(parameters, coxSnellR2, optimism),
            ForIntercept = (int)Math.Ceiling(Math.Pow(1.96 / 0.05, 2) * prevalence * (1 - prevalence)),
        };
    }

    private static int Need(int parameters, double r2, double shrinkage) => (int)Math.Ceiling(parameters / ((shrinkage - 1) * Math.Log(1 - (r2 / shrinkage))));
}
