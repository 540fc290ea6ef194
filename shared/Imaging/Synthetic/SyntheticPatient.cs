namespace BoneMet.Imaging.Synthetic;

/// <summary>
/// A generated patient whose true log-odds are known: image traits, tissue traits and two clinical factors each carry a planted share, and
/// the outcome is drawn from their sum. What the best possible model can reach is therefore known.
/// </summary>
public sealed record SyntheticPatient
{
    /// <summary>Cancer type of everything generated; no clinical model has it.</summary>
    public const string CancerType = "synthetic-demonstration";

    private const double Intercept = -0.4;
    private const double SpiculationSlope = 3.2;
    private const double HeterogeneitySlope = 2.4;
    private const double NecrosisSlope = 2.4;
    private const double NuclearRadiusSlope = 3.2;
    private const double DensitySlope = 2.4;
    private const double PhosphataseMean = 90;
    private const double PhosphataseDeviation = 25;
    private const double PhosphataseSlope = 0.8 / PhosphataseDeviation;
    private const double AgeSlope = 0.03;

    public required ulong Seed { get; init; }
    public required LesionTraits Lesion { get; init; }
    public required TissueTraits Tissue { get; init; }

    /// <summary>Years.</summary>
    public required double Age { get; init; }

    /// <summary>Alkaline phosphatase, U/L.</summary>
    public required double Phosphatase { get; init; }

    /// <summary>Bone metastasis, drawn from <see cref="LogOdds"/>.</summary>
    public required bool Outcome { get; init; }

    /// <summary>Share of the lesion in the log-odds; its mean over patients is 0.</summary>
    public double ImagingLogOdds =>
        (SpiculationSlope * (Lesion.Spiculation - 0.5)) + (HeterogeneitySlope * (Lesion.Heterogeneity - 0.5)) + (NecrosisSlope * (Lesion.Necrosis - 0.5));

    /// <summary>Share of the tissue in the log-odds; its mean over patients is 0.</summary>
    public double PathologyLogOdds =>
        (NuclearRadiusSlope * (((Tissue.NuclearRadius - 2.5) / 2.5) - 0.5)) + (DensitySlope * (((Tissue.NucleiPerMm2 - 1200) / 2800) - 0.5));

    /// <summary>Share of the clinical factors in the log-odds; its mean over patients is 0.</summary>
    public double ClinicalLogOdds => (PhosphataseSlope * (Phosphatase - PhosphataseMean)) + (AgeSlope * (Age - 66));

    /// <summary>The true log-odds of the outcome.</summary>
    public double LogOdds => Intercept + ImagingLogOdds + PathologyLogOdds + ClinicalLogOdds;

    /// <summary>The patient of this number among those of a seed.</summary>
    public static SyntheticPatient Draw(ulong seed, int number)
    {
        var own = Noise.Mix(Noise.Mix(seed) ^ (ulong)(uint)number);
        var noise = new Noise(own);
        var patient = new SyntheticPatient
        {
            Seed = own,
            Lesion = new(noise.Uniform(13, 25), noise.Uniform(), noise.Uniform(), noise.Uniform()),
            Tissue = new(noise.Uniform(2.5, 5), noise.Uniform(1200, 4000)),
            Age = Math.Clamp(Math.Round(66 + (9 * noise.Normal())), 35, 95),
            Phosphatase = Math.Round(Math.Clamp(PhosphataseMean + (PhosphataseDeviation * noise.Normal()), 15, 250), 1),
            Outcome = false,
        };
        return patient with { Outcome = noise.Uniform() < 1 / (1 + Math.Exp(-patient.LogOdds)) };
    }
}
