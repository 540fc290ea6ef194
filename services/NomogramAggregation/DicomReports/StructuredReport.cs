using BoneMet.Dicom;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.DicomReports;

/// <summary>
/// A prediction as a Comprehensive SR after TID 1500 "Measurement Report": one measurement group (TID 1501) with the risk, its interval and
/// the points, and the inputs it was inferred from; what has no number stands among the qualitative evaluations.
/// </summary>
internal static class StructuredReport
{
    private const int Series = 9001;
    private static readonly SrCode English = new("en", "RFC5646", "English");
    private static readonly SrCode Fraction = new("1", "UCUM", "no units");
    private static readonly SrCode Points = new("{points}", "UCUM", "points");

    public static DicomFile Write(ReportSubject subject)
    {
        var dataset = subject.Object(DicomUID.ComprehensiveSRStorage, "SR", Series, "")
            .AddOrUpdateEmpty(DicomTag.ReferencedPerformedProcedureStepSequence)
            .AddOrUpdateEmpty(DicomTag.PerformedProcedureCodeSequence)
            .AddOrUpdate(DicomTag.CompletionFlag, "COMPLETE")
            .AddOrUpdate(DicomTag.VerificationFlag, "UNVERIFIED")
            .AddOrUpdate(DicomTag.ValueType, "CONTAINER")
            .AddOrUpdate(DicomTag.ConceptNameCodeSequence, SrCode.Dcm("126000", "Imaging Measurement Report").Item)
            .AddOrUpdate(DicomTag.ContentTemplateSequence, Template("1500"));
        return new DicomFile(SrItem.Fill(dataset, Root(subject)));
    }

    private static IEnumerable<DicomDataset> Root(ReportSubject subject)
    {
        var prediction = subject.Prediction;
        yield return SrItem.Code(SrItem.Modifier, SrCode.Dcm("121049", "Language of Content Item and Descendants"), English);
        yield return SrItem.Code(SrItem.Context, SrCode.Dcm("121005", "Observer Type"), SrCode.Dcm("121007", "Device"));
        yield return SrItem.Uid(SrItem.Context, SrCode.Dcm("121012", "Device Observer UID"), subject.Uid("device", prediction.ModelSha256));
        yield return SrItem.Text(SrItem.Context, SrCode.Dcm("121013", "Device Observer Name"), prediction.ModelTitle.En);
        yield return SrItem.Text(SrItem.Context, SrCode.Dcm("121014", "Device Observer Manufacturer"), "BoneMetPlatform");
        yield return SrItem.Text(SrItem.Context, SrCode.Dcm("121015", "Device Observer Model Name"), $"{prediction.ModelId} {prediction.ModelVersion}");
        yield return SrItem.Text(SrItem.Context, SrCode.Dcm("121016", "Device Observer Serial Number"), prediction.ModelSha256);
        yield return SrItem.Code(SrItem.Modifier, SrCode.Dcm("121058", "Procedure reported"), SrCode.Ours("risk-prediction", "Prediction of bone-metastasis risk"));
        yield return SrItem.Container(SrItem.Contains, SrCode.Dcm("126010", "Imaging Measurements"), Group(subject));
        yield return SrItem.Container(SrItem.Contains, new SrCode("C0034375", "UMLS", "Qualitative Evaluations"), Evaluations(subject));
    }

    private static DicomDataset Group(ReportSubject subject)
    {
        var prediction = subject.Prediction;
        var children = new List<DicomDataset>
        {
            SrItem.Text(SrItem.Context, SrCode.Dcm("112039", "Tracking Identifier"), subject.PredictionId),
            SrItem.Uid(SrItem.Context, SrCode.Dcm("112040", "Tracking Unique Identifier"), subject.Uid(subject.PredictionId, "tracking")),
            SrItem.Code(SrItem.Contains, SrCode.Dcm("121071", "Finding"), Event(prediction.Outcome)),
        };
        if (prediction.Probability is { } probability) { children.Add(SrItem.Number(SrItem.Contains, SrCode.Ours("probability", $"Probability of {PredictionText.Outcome(prediction.Outcome).En}"), probability, Fraction, Interval(prediction.Interval))); }
        if (prediction.Fused is not null && prediction.ClinicalOnly.Probability is { } clinical) { children.Add(SrItem.Number(SrItem.Contains, SrCode.Ours("probability-clinical", "Probability from clinical factors alone"), clinical, Fraction, Interval(prediction.ClinicalOnly.Interval))); }
        if (prediction.BaseRate is { } rate) { children.Add(SrItem.Number(SrItem.Contains, SrCode.Ours("base-rate", "Rate in the population"), rate.Rate, Fraction)); }
        if (prediction.LinearPredictor is { } linear) { children.Add(SrItem.Number(SrItem.Contains, SrCode.Ours("linear-predictor", "Linear predictor (log-odds)"), linear, Fraction)); }
        if (prediction.OddsRatio is { } ratio) { children.Add(SrItem.Number(SrItem.Contains, SrCode.Ours("odds-ratio", "Odds ratio against the model's reference patient"), ratio, Fraction)); }
        if (prediction.TotalPoints is { } total)
        {
            children.Add(SrItem.Number(SrItem.Contains, SrCode.Ours("total-points", "Total points of the nomogram"), total, Points,
                prediction.Points.Select(point => SrItem.Number(SrItem.InferredFrom, SrCode.Ours($"p-{Short(point.Factor, 14)}", Meaning($"Points of {point.Label.En}")), point.Points, Points))));
        }
        foreach (var horizon in prediction.Horizons) { children.Add(SrItem.Number(SrItem.Contains, SrCode.Ours($"event-{horizon.Months:0.##}-mo", FormattableString.Invariant($"Probability within {horizon.Months:0.##} months")), horizon.Probability, Fraction)); }
        return SrItem.Container(SrItem.Contains, SrCode.Dcm("125007", "Measurement Group"), children).AddOrUpdate(DicomTag.ContentTemplateSequence, Template("1501"));
    }

    private static IEnumerable<DicomDataset> Interval(PredictionInterval interval)
    {
        if (interval is { Low: { } low, High: { } high })
        {
            yield return SrItem.Number(SrItem.Properties, SrCode.Ours("interval-low", "Lower limit of the interval"), low, Fraction);
            yield return SrItem.Number(SrItem.Properties, SrCode.Ours("interval-high", "Upper limit of the interval"), high, Fraction);
        }
        yield return SrItem.Text(SrItem.Properties, SrCode.Ours("interval-kind", "Kind of the interval"), interval.Note is { } note ? $"{interval.Kind}: {note}" : interval.Kind);
    }

    private static IEnumerable<DicomDataset> Evaluations(ReportSubject subject)
    {
        var prediction = subject.Prediction;
        if (subject.Report.Synthetic) { yield return Told("synthetic", "Synthetic", "Generated case: every value is synthetic and belongs to no person."); }
        if (prediction.Text is { } sentence) { yield return Told("summary", "Summary", sentence.En); }
        if (prediction.Band is { } band) { yield return Told("band", "Risk band or rule result", band.En); }
        foreach (var id in prediction.CriteriaMet)
        {
            var criterion = subject.Report.Model?.Model.Criteria.FirstOrDefault(known => known.Id == id);
            yield return Told("criterion", "Criterion that holds", criterion is null ? id : $"{id}: {criterion.Text.En}");
        }
        foreach (var input in prediction.Inputs)
        {
            var definition = FactorDictionary.Find(input.Name);
            var value = input.Level is { } level ? definition?.Levels.FirstOrDefault(known => known.Name == level)?.Label.En ?? level : FormattableString.Invariant($"{input.Number:0.######} {input.Unit}").TrimEnd();
            yield return Told(input.Used ? "input" : "input-unused", input.Used ? "Input used" : "Input given, not used", $"{definition?.Label.En ?? input.Name}: {value}");
        }
        foreach (var name in prediction.Missing) { yield return Told("missing", "Input missing", FactorDictionary.Find(name)?.Label.En ?? name); }
        foreach (var name in prediction.OutOfRange) { yield return Told("out-of-range", "Input out of range", FactorDictionary.Find(name)?.Label.En ?? name); }
        foreach (var label in prediction.Labels)
        {
            yield return Told("image-label", "Image label", FormattableString.Invariant($"{label.Modality}: {label.Logit:0.####} (log-odds), encoder {label.EncoderId} {label.EncoderVersion}, {(label.Entered ? "entered" : $"not entered: {label.Reason?.En}")}"));
        }
        foreach (var refusal in prediction.Refusals) { yield return Told("refusal", "Refused", refusal.Reason.En); }
        foreach (var warning in prediction.Warnings) { yield return Told("warning", "Note", warning.En); }
        yield return Told("evidence", "Evidence", prediction.Citation + (prediction.Doi is { } doi ? $", doi {doi}" : "") + (prediction.ModelComplete ? "" : ". Not every coefficient was published."));
        yield return Told("intended-use", "Intended use", prediction.IntendedUse.En);
        yield return Told("not-for", "Not for", prediction.NotFor.En);
        yield return Told("status", "Status", "For research use. Not a medical device; no treatment decision may rest on it.");
    }

    private static SrCode Event(ModelOutcome outcome) => outcome.Event switch
    {
        ModelOutcome.BoneMetastasis => SrCode.Sct("94222008", "Metastatic malignant neoplasm to bone"),
        _ => SrCode.Ours(Short(outcome.Event, 16), PredictionText.Outcome(outcome).En),
    };

    private static DicomDataset Told(string code, string meaning, string text) => SrItem.Text(SrItem.Contains, SrCode.Ours(code, meaning), text);

    private static DicomDataset Template(string id) => new DicomDataset().AddOrUpdate(DicomTag.MappingResource, "DCMR").AddOrUpdate(DicomTag.TemplateIdentifier, id);

    /// <summary>A code value has at most 16 characters, a meaning 64.</summary>
    private static string Short(string text, int most) => text.Length <= most ? text : text[..most];

    private static string Meaning(string text) => Short(text, 64);
}
