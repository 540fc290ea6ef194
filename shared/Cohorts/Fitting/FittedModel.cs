using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Studies;
using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.SampleSize;

namespace BoneMet.Cohorts.Fitting;

/// <summary>A fitted model with what it was fitted on, for reports, nomograms and publication.</summary>
internal sealed record FittedModel
{
    public required Cohort Cohort { get; init; }

    public required StudyMatrix Design { get; init; }

    public required double[] Outcome { get; init; }

    public required LogisticFit Fit { get; init; }

    public required Roc Roc { get; init; }

    public required double Brier { get; init; }

    public required HosmerLemeshow HosmerLemeshow { get; init; }

    public IReadOnlyList<GuardWarning> Warnings { get; init; } = [];

    public int Events => (int)Outcome.Sum();

    /// <summary>R² of Cox and Snell.</summary>
    public double CoxSnell => 1 - Math.Exp(-2 * (Fit.LogLikelihood - Fit.NullLogLikelihood) / Outcome.Length);
}
