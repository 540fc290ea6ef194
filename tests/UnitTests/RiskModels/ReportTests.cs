using System.Text.RegularExpressions;
using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed partial class ReportTests
{
    [Theory]
    [InlineData("en", "Bone-metastasis risk report")]
    [InlineData("zh", "骨转移风险报告")]
    [InlineData("ru", "Отчёт о риске метастазов в кости")]
    public void Html_OfACase_HoldsItsParts(string language, string title)
    {
        var html = CaseReport.Html(Data(), language);
        Save($"report-{language}.html", html);
        Assert.Contains(title, html, StringComparison.Ordinal);
        foreach (var part in new[] { "id=\"answer\"", "id=\"nomogram\"", "id=\"points\"", "id=\"strands\"", "id=\"labels\"", "id=\"card\"", "id=\"timeline\"", "untrained", "10.1186/s12885-019-5445-3" })
        {
            Assert.Contains(part, html, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("http://", html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_InThreeLanguages_HasTheSameNumbers()
    {
        var english = Numbers(CaseReport.Html(Data(), "en"));
        Assert.True(english.Count > 40);
        Assert.Equal(english, Numbers(CaseReport.Html(Data(), "zh")));
        Assert.Equal(english, Numbers(CaseReport.Html(Data(), "ru")));
    }

    [Fact]
    public void Html_OfHostileTexts_EscapesThem()
    {
        var data = Data() with { CaseId = "<script>alert(1)</script>", Notes = ["<img src=x onerror=alert(1)>"] };
        var html = CaseReport.Html(data);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "iv: cT3–4")]
    [InlineData("ru", "iv: cT3–4")]
    public void Html_OfARule_NamesWhatItsCriterionAsks(string language, string expected)
    {
        var model = ModelLibrary.BuiltIn.Find("prostate-rule-2019")!;
        var coded = FactorDictionary.Code([new("t-stage", Level: "T3"), new("gleason-score", 9)]).Coded;
        Assert.Contains(expected, CaseReport.Html(Data() with { Prediction = Predictor.Predict(model, coded), Model = model }, language), StringComparison.Ordinal);
    }

    [Fact]
    public void Pdf_WithAChallengerAndEarlierPredictions_IsLonger()
    {
        Assert.SkipWhen(ReportFonts.Hindrance("en") is not null, $"needs fonts: {ReportFonts.Hindrance("en")}");
        var without = CaseReportPdf.Write(Data());
        var with = CaseReportPdf.Write(Data() with { Challenger = Data().Prediction, Earlier = [new(new(2026, 11, 20, 8, 0, 2, TimeSpan.Zero), "lung-adenocarcinoma-seer", "1.0.0", 0.12, "from clinical")] });
        Assert.True(with.Length > without.Length + 100, $"{with.Length} against {without.Length} bytes");
    }

    [Fact]
    public void Reference_OfAModelWithIndependentErrors_HasNoInterval()
    {
        var model = ModelLibrary.BuiltIn.Find("lung-adenocarcinoma-seer")!;
        var reference = Predictor.Predict(model, FactorDictionary.Code([new("sex", Level: "female"), new("other-metastatic-sites", Level: "0"), new("tumour-size", 1, Unit: "cm")]).Coded);
        Assert.NotNull(reference.Probability);
        Assert.Equal((PredictionInterval.NotAvailable, null, null), (reference.Interval.Kind, reference.Interval.Low, reference.Interval.High));
        var other = Predictor.Predict(model, FactorDictionary.Code([new("sex", Level: "male"), new("other-metastatic-sites", Level: "0"), new("tumour-size", 1, Unit: "cm")]).Coded);
        Assert.True(other.Interval.Low < other.Probability && other.Probability < other.Interval.High);
    }

    [Fact]
    public void Nomogram_WithoutAPatient_StartsAtTheReferenceLevels()
    {
        var html = System.Net.WebUtility.HtmlDecode(InteractiveNomogram.Html(ModelLibrary.BuiltIn.Find("katagiri-2014")!, null, "en"));
        Assert.Equal(["0", "0", "2", "0", "0", "0"], StartOf().Matches(html).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void Html_WithoutPrediction_SaysSo() =>
        Assert.Contains("There is no prediction yet.", CaseReport.Html(Data() with { Prediction = null, Model = null }), StringComparison.Ordinal);

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    [InlineData("ru")]
    public void Pdf_OfACase_EmbedsItsFonts_AndIsTheSameEachTime(string language)
    {
        Assert.SkipWhen(ReportFonts.Hindrance(language) is not null, $"needs fonts: {ReportFonts.Hindrance(language)}");
        var pdf = CaseReportPdf.Write(Data(), language);
        if (Environment.GetEnvironmentVariable("BONEMET_TEST_PICTURES") is { Length: > 0 } folder) { File.WriteAllBytes(Path.Combine(folder, $"report-{language}.pdf"), pdf); }
        var text = System.Text.Encoding.Latin1.GetString(pdf);
        Assert.StartsWith("%PDF-", text, StringComparison.Ordinal);
        Assert.Contains("/FontFile", text, StringComparison.Ordinal);
        Assert.Equal(pdf, CaseReportPdf.Write(Data(), language));
        Assert.InRange(pdf.Length, 5_000, 600_000);
    }

    internal static CaseReportData Data()
    {
        var coded = FactorDictionary.Code([new("sex", Level: "male"), new("other-metastatic-sites", 1), new("tumour-size", 41, Unit: "mm"), new("cea", 12, Unit: "µg/L")]).Coded;
        var labels = new LabelInput[] { new() { Modality = "imaging", Logit = 0.7312, EncoderId = "lesion-cnn", EncoderSha256 = new string('a', 64), Trained = false, Provider = "CPU" } };
        var prediction = ModelGroup.Predict(ModelLibrary.BuiltIn, "lung", "adenocarcinoma", null, coded, labels)!;
        return new()
        {
            CaseId = "case-0001",
            Site = "demo",
            CancerType = "lung",
            Histology = "adenocarcinoma",
            CreatedAt = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero),
            WrittenAt = new(2026, 11, 20, 8, 5, 0, TimeSpan.Zero),
            Prediction = prediction,
            Model = ModelLibrary.BuiltIn.FindBySha256(prediction.ModelSha256),
            Strands = [new("imaging", "ready"), new("pathology", "absent"), new("clinical", "ready")],
            Timeline = [new(new(2026, 11, 20, 8, 0, 1, TimeSpan.Zero), "case created")],
            Synthetic = true,
        };
    }

    internal static void Save(string name, string text)
    {
        if (Environment.GetEnvironmentVariable("BONEMET_TEST_PICTURES") is { Length: > 0 } folder) { File.WriteAllText(Path.Combine(folder, name), text); }
    }

    // Numbers that a reader sees: no script, no style, no picture coordinates (those follow the words' widths), no ids.
    private static List<string> Numbers(string html)
    {
        var seen = Invisible().Replace(html, " ");
        return [.. Number().Matches(System.Net.WebUtility.HtmlDecode(Tag().Replace(seen, " "))).Select(m => m.Value).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex("<(script|style|svg)[\\s>].*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex Invisible();

    [GeneratedRegex("\"start\":(\\d+)")]
    private static partial Regex StartOf();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();
}
