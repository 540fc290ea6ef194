using System.Globalization;
using System.Text;
using System.Text.Json;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.CdsHooks;

/// <summary>Prefetched FHIR resources → the one card about bone-metastasis risk. Pure; nothing is stored.</summary>
internal static class RiskCard
{
    private const int LongestSummary = 139;

    /// <summary>The card; null when the resources name no cancer that a model answers for.</summary>
    /// <param name="prefetch">Patient, Conditions and Observations.</param>
    /// <param name="today">The day at which the patient's age is taken.</param>
    /// <param name="warningFrom">Risk from which the card warns.</param>
    /// <param name="predict">Cancer type, histology and coded factors → a prediction.</param>
    public static CdsCard? Of(IEnumerable<JsonElement> prefetch, DateOnly today, double warningFrom, Func<string, string?, IReadOnlyList<CodedFactor>, RiskModels.Prediction?> predict)
    {
        var mapped = FhirFactors.Read(prefetch, today);
        var coding = FactorDictionary.Code(mapped.Factors);
        if (coding.Coded.FirstOrDefault(factor => factor.Name == "cancer-type")?.Level is not { } cancer) { return null; }

        var histology = coding.Coded.FirstOrDefault(factor => factor.Name == "histology")?.Level;
        return predict(cancer, histology, coding.Coded) is { } prediction
            ? new CdsCard
            {
                Uuid = Uuid(prediction),
                Summary = Summary(prediction),
                Detail = Detail(prediction, [.. coding.Problems.Select(problem => problem.Reason), .. mapped.NotMapped]),
                Indicator = prediction.Probability >= warningFrom ? "warning" : "info",
                Source = new CdsSource($"BoneMetPlatform, {prediction.ModelId} {prediction.ModelVersion} (research use)", prediction.Doi is { } doi ? $"https://doi.org/{doi}" : null),
            }
            : null;
    }

    private static string Summary(RiskModels.Prediction prediction)
    {
        var outcome = PredictionText.Outcome(prediction.Outcome).En;
        var text = prediction.Probability is { } risk
            ? $"Risk of {outcome}: {Percent(risk)}{(prediction.Interval is { Low: { } low, High: { } high } ? $" ({Percent(low)} to {Percent(high)})" : "")}. Research use."
            : $"No risk of {outcome} can be given: {(prediction.Refusals.Count > 0 ? prediction.Refusals[0].Reason.En : prediction.Band?.En)}";
        return text.Length <= LongestSummary ? text : $"{text[..(LongestSummary - 1)]}…";
    }

    private static string Detail(RiskModels.Prediction prediction, IReadOnlyList<string> notTaken)
    {
        var text = new StringBuilder();
        if (prediction.Text is { } sentence) { Line(text, sentence.En); }
        Line(text, $"**Model:** {prediction.ModelTitle.En} ({prediction.ModelId} {prediction.ModelVersion}). {prediction.Citation}");
        Line(text, $"**Interval:** {prediction.Interval.Kind}{(prediction.Interval.Note is { } note ? $" ({note})" : "")}");
        if (prediction.BaseRate is { } rate) { Line(text, $"**In the population:** {Percent(rate.Rate)} ({rate.Label.En})"); }
        Line(text, $"**Used:** {Names(prediction.Inputs.Where(input => input.Used).Select(input => input.Name))}");
        Line(text, $"**Missing:** {Names(prediction.Missing)}");
        Line(text, $"**Out of range:** {Names(prediction.OutOfRange)}");
        foreach (var refusal in prediction.Refusals) { Line(text, $"**Refused:** {refusal.Reason.En}"); }
        foreach (var warning in prediction.Warnings) { Line(text, $"**Note:** {warning.En}"); }
        if (notTaken.Count > 0) { Line(text, $"**Not taken from the record:** {string.Join("; ", notTaken)}"); }
        Line(text, $"**Intended use:** {prediction.IntendedUse.En} **Not for:** {prediction.NotFor.En}");
        Line(text, "For research use. Not a medical device; no treatment decision may rest on it.");
        return text.ToString().TrimEnd();
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\n\n");

    private static string Names(IEnumerable<string> factors) =>
        factors.Select(name => FactorDictionary.Find(name)?.Label.En ?? name).ToList() is { Count: > 0 } names ? string.Join(", ", names) : "none";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    /// <summary>The same answer has the same name.</summary>
    private static string Uuid(RiskModels.Prediction prediction) => new Guid(Convert.FromHexString(InputHash.Of(prediction.ToJson()))[..16]).ToString();
}
