namespace BoneMet.Statistics.Regression;

/// <summary>One factor alone against the outcome.</summary>
/// <param name="Term">Name of the factor.</param>
/// <param name="Coefficients">Its coefficients without the intercept; empty where it cannot be fitted.</param>
/// <param name="Test">Likelihood-ratio test of the factor; null where it cannot be fitted.</param>
/// <param name="Auc">Area under the ROC curve of the factor's own model.</param>
/// <param name="AucLow">Lower DeLong limit.</param>
/// <param name="AucHigh">Upper DeLong limit.</param>
/// <param name="HolmP">p adjusted after Holm over all factors screened.</param>
/// <param name="BenjaminiHochbergP">p adjusted after Benjamini and Hochberg.</param>
/// <param name="Problem">Why it could not be fitted, or null.</param>
public sealed record ScreenedFactor(string Term, IReadOnlyList<Coefficient> Coefficients, TermTest? Test, double Auc, double AucLow, double AucHigh, double HolmP, double BenjaminiHochbergP, string? Problem);
