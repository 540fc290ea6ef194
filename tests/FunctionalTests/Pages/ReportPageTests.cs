using System.Globalization;
using BoneMet.RiskModels;
using Microsoft.Playwright;
using Xunit;

namespace BoneMet.FunctionalTests.Pages;

/// <summary>The report of a case as a person meets it in a browser, without any server.</summary>
public sealed class ReportPageTests(Browser browser)
{
    public static TheoryData<string> Languages { get; } = new("en", "zh", "ru");

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Report_InItsLanguage_HasNoViolationInLightAndDark(string language)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            var page = await browser.Page(new() { ColorScheme = scheme });
            await page.SetContentAsync(CaseReport.Html(Data("lung-adenocarcinoma-seer"), language));
            Assert.Equal(language == "zh" ? "zh-CN" : language, await page.EvaluateAsync<string>("document.documentElement.lang"));
            await Browser.AssertAccessible(page, $"report, {language}, {scheme}");
            await Browser.Picture(page, $"report-{language}-{scheme}");
            await page.Context.CloseAsync();
        }
    }

    /// <summary>200 % zoom of a 1280-pixel window leaves 640 pixels for the page: nothing but tables and the picture may need scrolling sideways.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Report_AtTwiceItsSize_ReflowsWithoutLoss(string language)
    {
        foreach (var width in new[] { 640, 400 })
        {
            var page = await browser.Page(new() { ViewportSize = new() { Width = width, Height = 800 } });
            await page.SetContentAsync(CaseReport.Html(Data("lung-adenocarcinoma-seer"), language));
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"the report scrolls sideways at {width} pixels");
            await Browser.Picture(page, $"report-{language}-{width}");
            await page.Context.CloseAsync();
        }
    }

    /// <summary>What the page computes after its sliders were moved is what the server predicts for the same values.</summary>
    [Theory]
    [InlineData("lung-adenocarcinoma-seer")]
    [InlineData("lung-squamous-seer")]
    [InlineData("lung-adenocarcinoma-laboratory")]
    [InlineData("thyroid-differentiated-one-centre")]
    [InlineData("renal-seer-odds")]
    [InlineData("colorectal-metachronous-score")]
    [InlineData("katagiri-2014")]
    [InlineData("prostate-nomogram-2012-odds")]
    public async Task Nomogram_Moved_GivesWhatTheServerGives(string id)
    {
        var model = ModelLibrary.BuiltIn.Find(id)!;
        var page = await browser.Page();
        await page.SetContentAsync(CaseReport.Html(Data(id), "en"));
        var random = new Random(7);
        await AssertSame(page, Data(id).Prediction!, $"{id}, as it opens");
        for (var turn = 0; turn < 12 && !model.Model.Terms.Any(term => term is ConditionalTerm); turn++)
        {
            var coded = new List<CodedFactor>();
            foreach (var (index, term) in model.Model.Terms.Where(term => term is not InteractionTerm).Index())
            {
                await Move(page, index, term, random, coded);
            }
            await AssertSame(page, Predictor.Predict(model, coded), $"{id}, turn {turn}");
        }
        await page.ClickAsync("[data-role=reset]");
        await AssertSame(page, Data(id).Prediction!, $"{id}, reset");
    }

    /// <summary>A fitted model with thirty factors, splines and an interaction: numbers, marks and keyboard.</summary>
    [Fact]
    public async Task Nomogram_OfThirtyFactors_IsRightAndReadable()
    {
        var model = new CompiledModel(ThirtyFactors.Model());
        var page = await browser.Page();
        await page.SetContentAsync(CaseReport.Html(Data(model, ThirtyFactors.Patient(3)), "en"));
        await Browser.AssertAccessible(page, "report of 30 factors");
        await Browser.Picture(page, "report-30");
        for (var seed = 10; seed < 16; seed++)
        {
            var patient = ThirtyFactors.Patient(seed);
            foreach (var (index, term) in model.Model.Terms.Where(term => term is not InteractionTerm).Index())
            {
                var factor = patient.First(given => given.Name == term.Factor);
                if (factor.Number is { } number) { await page.FillAsync($"[data-role=number-{index}]", number.ToString("R", CultureInfo.InvariantCulture)); }
                else { await page.SelectOptionAsync($"[data-role=list-{index}]", Level(term, factor.Level!)); }
            }
            var prediction = Predictor.Predict(model, patient);
            await AssertSame(page, prediction, $"seed {seed}");
            Assert.Equal(prediction.Points.Count, await page.Locator("svg [data-mark=factor]").CountAsync());
            var drawn = await page.EvaluateAsync<double[]>("[...document.querySelectorAll('svg [data-mark=factor]')].map(mark => Number(mark.dataset.points)).sort((a, b) => a - b)");
            Assert.Equal(prediction.Points.Select(point => point.Points).Order(), drawn, (expected, actual) => Math.Abs(expected - actual) < 1e-9);
        }
    }

    [Fact]
    public async Task Nomogram_ByKeyboardAlone_IsReachedMovedAndReset()
    {
        var page = await browser.Page();
        var measured = FactorDictionary.Code([new("nse", 14, Unit: "µg/L"), new("alp", 90, Unit: "U/L"), new("ldh", 200, Unit: "U/L")]).Coded;
        await page.SetContentAsync(CaseReport.Html(Data(ModelLibrary.BuiltIn.Find("lung-adenocarcinoma-laboratory")!, [.. Patient(), .. measured]), "en"));
        var before = await page.TextContentAsync("[data-role=answer]");
        var slider = page.Locator("input[type=range]").First;
        var role = (await slider.GetAttributeAsync("data-role"))!;
        for (var steps = 0; steps < 60 && await page.EvaluateAsync<string?>("document.activeElement.dataset.role") != role; steps++) { await page.Keyboard.PressAsync("Tab"); }
        Assert.Equal(role, await page.EvaluateAsync<string?>("document.activeElement.dataset.role"));
        Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        for (var i = 0; i < 5; i++) { await page.Keyboard.PressAsync("PageUp"); }
        Assert.NotEqual(before, await page.TextContentAsync("[data-role=answer]"));
        await page.Locator("[data-role=reset]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(before, await page.TextContentAsync("[data-role=answer]"));
    }

    /// <summary>Nothing leaves the page, and a mark is never told by colour alone: on paper the picture is black on white.</summary>
    [Fact]
    public async Task Report_OnPaper_AsksNothingOfAnybodyAndIsBlackOnWhite()
    {
        var page = await browser.Page(new() { ColorScheme = ColorScheme.Dark });
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        await page.SetContentAsync(CaseReport.Html(Data("lung-adenocarcinoma-seer"), "en"));
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Empty(asked);
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal("rgb(0, 0, 0)", await page.EvaluateAsync<string>("getComputedStyle(document.body).color"));
        var colours = await page.EvaluateAsync<string[]>("[...new Set([...document.querySelectorAll('svg *')].flatMap(shape => [shape.getAttribute('fill'), shape.getAttribute('stroke')]).filter(colour => colour && colour !== 'none'))]");
        Assert.All(colours, colour => Assert.Matches("^#([0-9a-f])\\1*$", colour));
        Assert.False(await page.Locator(".try").IsVisibleAsync());
        var pdf = await page.PdfAsync(new() { Format = "A4", PreferCSSPageSize = true });
        Assert.True(pdf.Length > 10_000);
        if (Environment.GetEnvironmentVariable("BONEMET_TEST_PICTURES") is { Length: > 0 } folder) { await File.WriteAllBytesAsync(Path.Combine(folder, "report.pdf"), pdf); }
    }

    private static async Task Move(IPage page, int index, ModelTerm term, Random random, List<CodedFactor> coded)
    {
        var given = random.Next(5) > 0;
        switch (term)
        {
            case LinearTerm or SplineTerm:
                var (low, high) = term is LinearTerm linear ? (linear.Low, linear.High) : (((SplineTerm)term).Low, ((SplineTerm)term).High);
                var value = Math.Round(low + ((high - low) * random.NextDouble()), 3);
                if (given)
                {
                    await page.FillAsync($"[data-role=number-{index}]", value.ToString("R", CultureInfo.InvariantCulture));
                    coded.Add(InModelUnit(term, value));
                }
                else if (!await page.IsCheckedAsync($"[data-role=absent-{index}]")) { await page.CheckAsync($"[data-role=absent-{index}]"); }
                break;
            case CategoricalTerm categorical:
                var level = random.Next(categorical.Levels.Count);
                await page.SelectOptionAsync($"[data-role=list-{index}]", given ? $"{level}" : "");
                if (given) { coded.Add(new() { Name = term.Factor, Level = categorical.Levels[level].Of is [var first, ..] ? first : categorical.Levels[level].Level }); }
                break;
            case BinnedTerm binned:
                var bin = random.Next(binned.Bins.Count);
                await page.SelectOptionAsync($"[data-role=list-{index}]", given ? $"{bin}" : "");
                if (given) { coded.Add(InModelUnit(term, binned.Bins[bin].From ?? (binned.Bins[bin].To!.Value - 1))); }
                break;
            default: throw new InvalidOperationException($"No test moves a {term.GetType().Name}.");
        }
    }

    /// <summary>A number in the model's unit, coded to the dictionary's.</summary>
    private static CodedFactor InModelUnit(ModelTerm term, double value)
    {
        var unit = term switch { LinearTerm t => t.Unit, SplineTerm t => t.Unit, BinnedTerm t => t.Unit, _ => null };
        return new() { Name = term.Factor, Number = value / UnitScale.From(term.Factor, unit) };
    }

    private static string Level(ModelTerm term, string level) => $"{((CategoricalTerm)term).Levels.Index().First(each => each.Item.Level == level).Index}";

    private static async Task AssertSame(IPage page, Prediction prediction, string what)
    {
        var value = await page.GetAttributeAsync("[data-role=answer]", "data-value");
        var expected = prediction.Probability ?? (prediction.Refusals.All(refusal => refusal.Code == "no-absolute-risk") ? prediction.OddsRatio : null);
        if (expected is not { } number)
        {
            Assert.True(value is "", $"{what}: the server refuses, the page says {value}");
            return;
        }
        Assert.True(value is { Length: > 0 }, $"{what}: the server says {number}, the page refuses");
        Assert.Equal(number, double.Parse(value, CultureInfo.InvariantCulture), 1e-9 * Math.Max(1, Math.Abs(number)));
        var text = (await page.TextContentAsync("[data-role=answer]"))!;
        if (prediction.Probability is { } p)
        {
            Assert.StartsWith((p * 100).ToString(p is < 0.001 or > 0.999 ? "0.####" : "0.0", CultureInfo.InvariantCulture) + " %", text, StringComparison.Ordinal);
            if (prediction.Interval is { Low: { } low, Kind: "delta-method" or "independence-approximation" }) { Assert.Contains((low * 100).ToString(low < 0.001 ? "0.####" : "0.0", CultureInfo.InvariantCulture) + " %", text, StringComparison.Ordinal); }
        }
        if (prediction.TotalPoints is { } total) { Assert.Equal(total, double.Parse((await page.TextContentAsync("[data-role=total]"))!, CultureInfo.InvariantCulture), 0.0501); }
    }

    private static IReadOnlyList<CodedFactor> Patient() => FactorDictionary.Code(
        [new("sex", Level: "male"), new("other-metastatic-sites", 1), new("tumour-size", 41, Unit: "mm"), new("cea", 12, Unit: "µg/L"), new("age", 63), new("t-stage", Level: "T2"), new("n-stage", Level: "N1")]).Coded;

    private static CaseReportData Data(string id) => Data(ModelLibrary.BuiltIn.Find(id)!, Patient());

    private static CaseReportData Data(CompiledModel model, IReadOnlyList<CodedFactor> patient)
    {
        var labels = new LabelInput[] { new() { Modality = "imaging", Logit = 0.7312, EncoderId = "lesion-cnn", EncoderVersion = "1.0.0", EncoderSha256 = new string('a', 64), Trained = false, Provider = "CPU" } };
        var alternatives = ModelGroup.Predict(ModelLibrary.BuiltIn, "lung", "adenocarcinoma", null, patient, labels)!.Alternatives;
        return new()
        {
            CaseId = "case-0001",
            Site = "demo",
            CancerType = "lung",
            Histology = "adenocarcinoma",
            CreatedAt = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero),
            WrittenAt = new(2026, 11, 20, 8, 5, 0, TimeSpan.Zero),
            Prediction = Predictor.Predict(model, patient, labels, alternatives),
            Model = model,
            Strands = [new("imaging", "ready"), new("pathology", "failed", "the slide has no tissue"), new("clinical", "ready")],
            Problems = [new("psa", "unit-unknown", "psa: the unit furlong is not one of it")],
            Timeline = [new(new(2026, 11, 20, 8, 0, 1, TimeSpan.Zero), "case created")],
            Earlier = [new(new(2026, 11, 20, 8, 0, 2, TimeSpan.Zero), model.Model.Id, "1.0.0", 0.12, "from clinical")],
            Notes = ["Images: 40 slices."],
            Synthetic = true,
            TraceId = "0123456789abcdef0123456789abcdef",
        };
    }
}
