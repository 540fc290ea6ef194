namespace BoneMet.NomogramAggregation.Cases;

/// <summary>How far a case has come, as operators count it.</summary>
internal static class CaseProgress
{
    public const string InFlight = "in_flight";
    public const string Predicted = "predicted";

    /// <summary>Nothing more is waited for, and there is no prediction.</summary>
    public const string Failed = "failed";

    /// <summary>The index by which the census counts: <c>SITE/PROGRESS</c>.</summary>
    public const string Index = "progress";

    public static string IndexValue(CaseDocument document) => $"{document.Site}/{document.Progress}";
}
