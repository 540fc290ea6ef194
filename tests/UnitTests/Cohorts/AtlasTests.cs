using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Publishing;
using BoneMet.Cohorts.Reports;
using BoneMet.Cohorts.Studies;
using BoneMet.RiskModels;
using BoneMet.Statistics.Simulation;
using BoneMet.Statistics.Tables;
using Xunit;

namespace BoneMet.UnitTests.Cohorts;

/// <summary>An atlas of three cancers whose truth is known: "size" acts in all alike, "psa" is recorded in prostate only, "sex" acts in opposite directions, "noise" nowhere.</summary>
public sealed class AtlasTests
{
    private static readonly Lazy<LoadedTable> Cohort = new(() => Load(Csv(2400, 5)));

    [Fact]
    public void Atlas_KnownTruth_FindsEachTypesOwnSet()
    {
        var result = Run(Protocol());
        Assert.Equal(["size", "sex"], Chosen(result, "lung").Where(f => f is "size" or "sex"));
        Assert.Contains("psa", Chosen(result, "prostate"));
        Assert.DoesNotContain("psa", Chosen(result, "lung"));
        Assert.Equal("not recorded in this type", Type(result, "lung")["screen"]!.AsArray().First(r => r!["factor"]!.GetValue<string>() == "psa")!["reason"]!.GetValue<string>());
        Assert.InRange(Type(result, "prostate")["cross_validated"]!["calibration_slope"]!.GetValue<double>(), 0.7, 1.3);
        Assert.True(Type(result, "prostate")["own_against_common"]!["difference"]!.GetValue<double>() > 0.05);
        var verdicts = result.Json["strata"]!["factors"]!.AsArray().ToDictionary(f => f!["term"]!.GetValue<string>(), f => f!["verdict"]!.GetValue<string>());
        Assert.Equal("heterogeneous", verdicts["sexmale"]);
        Assert.Equal("homogeneous", verdicts["size"]);
        Assert.Equal("not estimable", verdicts["psa"]);
    }

    [Fact]
    public void Atlas_TypeWithFewEvents_HasAReasonInsteadOfAModel()
    {
        var result = Run(Protocol());
        Assert.Contains("too few", Type(result, "rare")["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("rare", result.TypeResults.Keys);
    }

    [Fact]
    public void Atlas_SameSeed_GivesTheSameBytes() => Assert.Equal(Run(Protocol()).ToText(), Run(Protocol()).ToText());

    [Fact]
    public void Atlas_Models_ArePublishableWithTheirWarning()
    {
        var model = Run(Protocol()).TypeResults["prostate"];
        var document = ModelPublisher.Document(model, new PublicationDetails { Id = "atlas-prostate", Cohort = "simulated, prostate only", CancerType = "prostate", Automatic = true });
        Assert.Empty(ModelChecks.Check(document));
        Assert.False(document.Automatic);
        Assert.Contains(document.Warnings, warning => warning.En.StartsWith("selection", StringComparison.Ordinal));
    }

    [Fact]
    public void Atlas_Report_ShowsEveryPictureOnceAndClosesItsTables()
    {
        var page = StudyReport.Write(Run(Protocol()), Cohort.Value, "simulated");
        foreach (var id in (string[])["atlas-factors", "atlas-models", "atlas-transport", "atlas-associations", "prognosis"]) { Assert.Equal(2, page.Split($"id=\"{id}-t\"").Length); }
        Assert.Equal(page.Split("<table>").Length, page.Split("</table>").Length);
        Assert.Contains("Model for prostate", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Atlas_SecondCohort_KeepsThePrognosticOrder()
    {
        var second = Load(Csv(1500, 77));
        var json = Run(Protocol() with { ValidateOn = second.Sha256 }, second).Json["prognosis"]!["validation"]!;
        Assert.Equal(4, json["agreement"]!["of"]!.GetValue<int>());
        Assert.True(json["agreement"]!["share"]!.GetValue<double>() >= 0.5);
        Assert.True(json["performance"]!["ordered"]!.GetValue<bool>());
        Assert.True(json["performance"]!["logrank"]!["p"]!.GetValue<double>() < 0.001);
    }

    [Theory]
    [InlineData(null, "needs the column of the cancer type")]
    [InlineData("bm", "outcome and stratum at once")]
    [InlineData("nowhere", "There is no column 'nowhere'")]
    public void Atlas_BadStrata_SaysWhy(string? strata, string expected)
    {
        var exception = Record.Exception(() => Run(Protocol() with { Strata = strata }));
        Assert.True(exception is not null && StudyFaults.IsForCaller(exception), $"{exception}");
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_SecondCohort_ValidatesAndRecalibrates()
    {
        LoadedTable first = Load(Csv(2400, 5)), second = Load(Csv(2000, 9, shift: 0.8));
        var protocol = new StudyProtocol { Kind = StudyKind.Fit, Outcome = "bm", Factors = ["size", "noise"], ValidateOn = second.Sha256 };
        var external = StudyRunner.Run(protocol, first, second, null, TestContext.Current.CancellationToken).Json["external_validation"]!;
        Assert.True(external["calibration_intercept"]!.GetValue<double>() > 0.3);
        var recalibrated = external["recalibration"]!.AsArray();
        Assert.Equal(external["calibration_intercept"]!.GetValue<double>(), recalibrated[0]!["intercept"]!.GetValue<double>(), 1e-9);
        Assert.Equal(external["calibration_slope"]!.GetValue<double>(), recalibrated[1]!["slope"]!.GetValue<double>(), 1e-9);
        Assert.True(recalibrated[0]!["brier"]!.GetValue<double>() < external["brier"]!.GetValue<double>());
        Assert.Contains("second cohort", Record.Exception(() => StudyRunner.Run(protocol, first, null, TestContext.Current.CancellationToken))!.Message, StringComparison.Ordinal);
        Assert.Contains("same file", Record.Exception(() => StudyRunner.Run(protocol with { ValidateOn = first.Sha256 }, first, first, null, TestContext.Current.CancellationToken))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Sites_AreDrawnAndPooled()
    {
        var result = Run(new() { Kind = StudyKind.Validate, Outcome = "bm", Factors = ["size", "noise"], Site = "site", Bootstrap = 0 });
        var pooled = result.Json["leave_one_site_out_pooled"]!;
        var sites = result.Json["leave_one_site_out"]!.AsArray().Select(s => s!["c"]!.GetValue<double>()).ToArray();
        Assert.InRange(pooled["c"]!["value"]!.GetValue<double>(), sites.Min(), sites.Max());
        Assert.True(pooled["c"]!["prediction_lo"]!.GetValue<double>() <= pooled["c"]!["lo"]!.GetValue<double>());
        Assert.Contains("calibration slope", StudyPictures.All(result)["sites"], StringComparison.Ordinal);
    }

    private static StudyProtocol Protocol() => new() { Kind = StudyKind.Atlas, Outcome = "bm", Strata = "cancer", Factors = ["size", "sex", "psa", "noise"], Time = "time", Status = "status", Seed = 3 };

    private static StudyResult Run(StudyProtocol protocol, LoadedTable? second = null) => StudyRunner.Run(protocol, Cohort.Value, second, null, TestContext.Current.CancellationToken);

    private static JsonNode Type(StudyResult result, string name) => result.Json["atlas"]!["types"]!.AsArray().First(t => t!["type"]!.GetValue<string>() == name)!;

    private static IEnumerable<string> Chosen(StudyResult result, string type) => Type(result, type)["features"]!.AsArray().Select(f => f!.GetValue<string>());

    private static LoadedTable Load(string csv) => TableReader.Read(() => new MemoryStream(Encoding.UTF8.GetBytes(csv)), null, TestContext.Current.CancellationToken);

    private static string Csv(int n, long seed, double shift = 0)
    {
        (string Name, double Sex, double Hazard)[] types = [("lung", 1.0, 0.08), ("prostate", 0, 0.01), ("breast", -1.0, 0.02)];
        var random = new RandomStream(seed);
        var text = new StringBuilder("cancer,site,size,sex,psa,noise,bm,time,status\n");
        for (var i = 0; i < n; i++)
        {
            var rare = i % 60 == 0;
            var (name, sexEffect, hazard) = types[i % 3];
            double size = random.Normal(), psa = random.Normal(), noise = random.Normal();
            var male = random.Uniform() < 0.5;
            var logit = -0.8 + shift + (0.8 * size) + (male ? sexEffect : 0) + (name == "prostate" && !rare ? 1.2 * psa : 0);
            var event_ = random.Uniform() < 1 / (1 + Math.Exp(-logit)) && (!rare || i % 600 == 0) ? 1 : 0;
            double death = random.Exponential() / (rare ? 0.03 : hazard), followed = 60 * random.Uniform();
            text.Append(CultureInfo.InvariantCulture, $"{(rare ? "rare" : name)},S{i % 5},{size:F3},{(male ? "male" : "female")},{(name == "prostate" && !rare ? psa.ToString("F3", CultureInfo.InvariantCulture) : "")},{noise:F3},{event_},{Math.Min(death, followed):F2},{(death <= followed ? 1 : 0)}\n");
        }
        return text.ToString();
    }
}
