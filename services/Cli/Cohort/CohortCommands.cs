using System.CommandLine;
using BoneMet.Cohorts.Protocols;

namespace BoneMet.Cli.Cohort;

internal static class CohortCommands
{
    public static Command Create() => new("cohort", "Describe, screen, fit and validate risk factors of a cohort")
    {
        StudyCommand.Create(StudyKind.Atlas, "Every factor in every cancer type: each type's own feature set and model, in one report"),
        StudyCommand.Create(StudyKind.Describe, "Table 1: every factor by outcome, with missing counts and tests"),
        StudyCommand.Create(StudyKind.Screen, "Each factor by itself: odds ratio, p, AUC, Holm and Benjamini-Hochberg"),
        StudyCommand.Create(StudyKind.Fit, "Multivariable logistic model, discrimination and calibration"),
        StudyCommand.Create(StudyKind.Validate, "The model with Harrell's bootstrap, cross-validation and leave-one-site-out"),
        StudyCommand.Create(StudyKind.Strata, "Factors across cancer types or sites: homogeneous or heterogeneous"),
        StudyCommand.Create(StudyKind.Survival, "Cox regression, Kaplan-Meier, log-rank"),
        StudyCommand.Create(StudyKind.Impute, "The model on multiply imputed data, pooled by Rubin's rules"),
        StudyCommand.Create(StudyKind.Nomogram, "The model as a nomogram"),
        CompareCommand.Create(),
        SimulateCommand.Create(),
        ImportTableCommand.Create(),
    };
}
