using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BoneMet.Contracts.Api;
using BoneMet.FunctionalTests.Faults;
using BoneMet.FunctionalTests.Platform;
using Microsoft.Playwright;
using Xunit;

namespace BoneMet.FunctionalTests.Pages;

/// <summary>The portal against AllInOne as a process: every view, in three languages, with axe-core; and what a person does in it.</summary>
public sealed class PortalPageTests(Browser browser, PlatformFixture platform)
{
    private const string Cohort = "id,y,age,sex,stage\n";

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    [InlineData("ru")]
    public async Task EveryView_InItsLanguage_HasNoViolationAndReflows(string language)
    {
        RequirePortal();
        using var http = platform.Client(platform.SiteA);
        var created = await WholeCase(http, $"portal-{language[..2]}");
        var (cohort, study) = await FinishedStudy(http);
        var page = await Open(language, platform.SiteA);
        string[] views = ["cases", $"case/{created}", "new", "worklist", "unassigned", "cohorts", $"cohorts/{cohort}", $"cohorts/{cohort}/studies/{study}", "models", "models/lung-adenocarcinoma-seer", "models/prostate-rule-2019", "models/katagiri-2014"];
        foreach (var view in views) { await Look(page, view, language); }
        await Go(page, "case/no-such-case");
        await page.WaitForSelectorAsync(".fault");
        await Browser.AssertAccessible(page, $"a refusal, {language}");
        await page.Context.CloseAsync();

        var operators = await Open(language, platform.OperatorKey);
        await Look(operators, "operator", language);
        await operators.Context.CloseAsync();
    }

    [Fact]
    public async Task Model_WithAChallenger_ShowsWhatBothSayOfTheSameCases()
    {
        RequirePortal();
        const string Champion = "lung-adenocarcinoma-seer";
        using var http = platform.Client(platform.SiteA);
        using var operators = platform.Client(platform.OperatorKey);
        var created = await PlatformFixture.Open(http, SmallCase.Clinical() with { Subject = "portal-challenged" });
        await PlatformFixture.Wait(http, created.Id, view => view.Predictions.Count > 0);
        try
        {
            // A table of rates by histology, which answers only when it is asked for: no other test misses it meanwhile.
            using var stood = await operators.PutAsJsonAsync($"models/{Champion}/standing", new { challenger = "lung-rates-seer-2019@1.0.0" });
            Assert.True(stood.IsSuccessStatusCode, await stood.Content.ReadAsStringAsync());
            foreach (var language in new[] { "en", "zh-CN", "ru" })
            {
                var page = await Open(language, platform.SiteA);
                await Go(page, $"models/{Champion}");
                await page.WaitForSelectorAsync("svg.curve circle");
                Assert.NotEmpty(await page.Locator("svg.curve[role=img]").GetAttributeAsync("aria-label") ?? "");
                await page.ClickAsync("details:has(td.number) > summary");
                Assert.Contains("lung-rates-seer-2019@1.0.0", await page.TextContentAsync("main"));
                await Look(page, $"models/{Champion}", $"{language}", "challenger");
                await page.Context.CloseAsync();
            }
        }
        finally
        {
            using var again = await operators.PutAsJsonAsync($"models/{Champion}/standing", new { });
            Assert.True(again.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task SignIn_WithAWrongKey_IsRefusedInWordsAndAccessible()
    {
        RequirePortal();
        var page = await browser.Page(new() { Locale = "en" });
        await page.GotoAsync(new Uri(platform.Url, "/").ToString());
        await page.WaitForSelectorAsync("#key");
        await Browser.AssertAccessible(page, "sign-in");
        await Browser.Picture(page, "portal-sign-in");
        await page.FillAsync("#key", "bm_site-a_wrong");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".fault");
        Assert.Contains("This key is not accepted", await page.TextContentAsync(".fault"));
        await page.Context.CloseAsync();
    }

    /// <summary>From the form to the risk: pseudonym, factors with unit and range, a zip of images and a slide; then the factors are changed on the case's page.</summary>
    [Fact]
    public async Task NewCase_FilledInByAPerson_ReachesItsRiskAndFollowsAChange()
    {
        RequirePortal();
        var page = await Open("en", platform.SiteA);
        await Go(page, "new");
        await page.GetByLabel("Subject").FillAsync("portal-typed");
        await page.GetByLabel("Cancer type").SelectOptionAsync("lung");
        await page.GetByLabel("Histology").SelectOptionAsync("adenocarcinoma");
        await page.SelectOptionAsync("#factor-sex", "male");
        await page.FillAsync("#factor-tumour-size", "90000");
        await page.ClickAsync("button[type=submit]");
        Assert.Equal("factor-tumour-size", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Contains("Impossible", await page.TextContentAsync("#factor-tumour-size-note"));
        await page.FillAsync("#factor-tumour-size", "4.1");
        await Fill(page, "other-metastatic-sites", "1");
        await page.GetByLabel("DICOM files or one zip").SetInputFilesAsync(new FilePayload { Name = "images.zip", MimeType = "application/zip", Buffer = SmallCase.ImagesZip() });
        await page.GetByLabel("Pathology slide").SetInputFilesAsync(new FilePayload { Name = "slide.tif", MimeType = "image/tiff", Buffer = SmallCase.Slide() });
        await page.ClickAsync("button[type=submit]");
        await page.WaitForURLAsync(new Regex("#/case/[^/]+$"), new() { WaitUntil = WaitUntilState.Commit });
        await page.WaitForSelectorAsync(".risk");
        var id = page.Url[(page.Url.LastIndexOf('/') + 1)..];
        using var http = platform.Client(platform.SiteA);
        await PlatformFixture.Wait(http, id, view => view.Strands["imaging"].Status == "ready" && view.Strands["pathology"].Status == "ready" && view.Settled);
        await page.WaitForSelectorAsync("img.slice[src^='blob:']");
        await page.WaitForSelectorAsync("canvas.tissue");
        await page.WaitForFunctionAsync("""
            () => { const canvas = document.querySelector("canvas.tissue"); const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              for (let i = 0; i < data.length; i += 4) if (data[i] < 250 || data[i + 1] < 250) return true; return false; }
            """);
        await Browser.Picture(page, "portal-case-whole");

        var before = await page.TextContentAsync(".risk");
        await page.ClickAsync("details.card > summary");
        await page.FillAsync("#factor-tumour-size", "12");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the factors" }).ClickAsync();
        await page.WaitForFunctionAsync("before => document.querySelector('.risk').textContent !== before", before);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Every prediction of this case" }).WaitForAsync();
        await page.Context.CloseAsync();
    }

    /// <summary>The report opens from the portal under the portal's own policy, and its nomogram still moves; nothing is asked of any other host.</summary>
    [Fact]
    public async Task Report_OpenedFromThePortal_MovesUnderTheStrictPolicy()
    {
        RequirePortal();
        using var http = platform.Client(platform.SiteA);
        var created = await PlatformFixture.Open(http, SmallCase.Clinical() with { Subject = "portal-report" });
        await PlatformFixture.Wait(http, created.Id, view => view.Predictions.Count == 1);
        var page = await Open("en", platform.SiteA);
        var asked = new List<string>();
        var refused = new List<string>();
        page.Context.Request += (_, request) => asked.Add(request.Url);
        page.Context.Console += (_, message) => { if (message.Type == "error") { refused.Add(message.Text); } };
        await Go(page, $"case/{created.Id}");
        await page.WaitForSelectorAsync(".risk");
        var report = await page.Context.RunAndWaitForPageAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync());
        await report.WaitForSelectorAsync("[data-role=answer]");
        await report.WaitForFunctionAsync("document.querySelector('[data-role=answer]').textContent !== ''");
        Assert.All(asked, url => Assert.True(url.StartsWith("blob:", StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal) || url == "about:blank" || new Uri(url).Authority == platform.Url.Authority, url));
        Assert.Empty(refused);
        var risk = await page.TextContentAsync(".risk");
        Assert.StartsWith(risk!, await report.TextContentAsync("[data-role=answer]"), StringComparison.Ordinal);
        Assert.StartsWith(risk!, await page.TextContentAsync("[data-role=answer]"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Documentation_OfTheApi_RendersWithoutTheOutsideAndWithoutViolation()
    {
        var page = await browser.Page(new() { ViewportSize = new() { Width = 1400, Height = 1000 } });
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        await page.GotoAsync(new Uri(platform.Url, "/docs").ToString());
        await page.GetByText("/api/v1/cases").First.WaitForAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.All(asked, url => Assert.Equal(platform.Url.Authority, new Uri(url).Authority));
        await Browser.Picture(page, "docs");
        await Browser.AssertAccessible(page, "API page");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("describe")]
    public async Task CohortReport_InABrowser_HasNoViolation(string kind)
    {
        using var http = platform.Client(platform.SiteA);
        var (cohort, study) = await FinishedStudy(http, kind);
        var page = await browser.Page();
        await page.SetContentAsync(await http.GetStringAsync($"cohorts/{cohort}/studies/{study}/report"));
        await Browser.Picture(page, $"cohort-report-{kind}");
        await Browser.AssertAccessible(page, $"cohort report, {kind}");
        await page.Context.CloseAsync();
    }

    private static async Task Look(IPage page, string view, string language, string? title = null)
    {
        var name = title is not null ? $"portal-{title}" : $"portal-{string.Join('-', view.Split('/').Where(part => part.Length < 30))}";
        await Go(page, view);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle, new() { Timeout = Browser.Patience }).WaitAsync(TimeSpan.FromSeconds(3)).ContinueWith(_ => { });
        Assert.Equal(0, await page.Locator(".fault[role=alert]").CountAsync());
        Assert.Equal(language, await page.EvaluateAsync<string>("document.documentElement.lang"));
        await Browser.AssertAccessible(page, $"{view}, {language}");
        await Browser.Picture(page, $"{name}-{language}");
        await page.SetViewportSizeAsync(400, 800);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{view} scrolls sideways at 400 pixels in {language}");
        await Browser.Picture(page, $"{name}-{language}-400");
        await page.SetViewportSizeAsync(1280, 900);
    }

    private async Task<IPage> Open(string language, string key)
    {
        var page = await browser.Page(new() { Locale = language });
        await page.AddInitScriptAsync($"sessionStorage.setItem('bonemet-key', {JsonSerializer.Serialize(key)})");
        await page.GotoAsync(new Uri(platform.Url, "/portal/index.html").ToString());
        await page.WaitForSelectorAsync("h1");
        return page;
    }

    /// <summary>Goes to a view and waits until it stands there.</summary>
    private static async Task Go(IPage page, string view)
    {
        await page.EvaluateAsync("view => { document.querySelector('h1')?.remove(); location.hash = location.hash === `#/${view}` ? '#/' : `#/${view}`; location.hash = `#/${view}`; }", view);
        await page.WaitForSelectorAsync("h1");
    }

    private static async Task Fill(IPage page, string factor, string value)
    {
        if (await page.EvaluateAsync<bool>($"document.getElementById('factor-{factor}').tagName === 'SELECT'")) { await page.SelectOptionAsync($"#factor-{factor}", value); }
        else { await page.FillAsync($"#factor-{factor}", value); }
    }

    private static async Task<string> WholeCase(HttpClient http, string subject)
    {
        var created = await PlatformFixture.Open(http, SmallCase.Clinical() with { Subject = subject });
        using var images = await http.PostAsync($"cases/{created.Id}/images?complete=true", new ByteArrayContent(SmallCase.ImagesZip()) { Headers = { { "Content-Type", "application/zip" } } });
        Assert.True(images.IsSuccessStatusCode, await images.Content.ReadAsStringAsync());
        using var slide = await http.PostAsync($"cases/{created.Id}/slides", new ByteArrayContent(SmallCase.Slide()) { Headers = { { "Content-Type", "application/octet-stream" } } });
        Assert.True(slide.IsSuccessStatusCode, await slide.Content.ReadAsStringAsync());
        await PlatformFixture.Wait(http, created.Id, view => view is { Settled: true, Predictions.Count: > 0 } && view.Strands["pathology"].Status == "ready" && view.Strands["imaging"].Status == "ready");
        return created.Id;
    }

    private static async Task<(string Cohort, string Study)> FinishedStudy(HttpClient http, string kind = "validate")
    {
        var random = new Random(5);
        var table = new StringBuilder(Cohort);
        for (var i = 0; i < 400; i++)
        {
            var age = 40 + random.Next(45);
            var male = random.Next(2);
            var logit = -6 + (0.07 * age) + (0.5 * male);
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},{(random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? 1 : 0)},{age},{(male == 1 ? "male" : "female")},{"abc"[random.Next(3)]}\n");
        }
        using var posted = await http.PostAsync("cohorts?name=portal", new StringContent(table.ToString(), Encoding.UTF8, "text/csv"));
        Assert.True(posted.IsSuccessStatusCode, await posted.Content.ReadAsStringAsync());
        var cohort = (await posted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("cohortId").GetString()!;
        using var asked = await http.PostAsJsonAsync($"cohorts/{cohort}/studies", new { schema = "bonemet.study/1", kind, outcome = "y", factors = new[] { "age", "sex", "stage" }, bootstrap = 20, seed = 1 });
        Assert.True(asked.IsSuccessStatusCode, await asked.Content.ReadAsStringAsync());
        var study = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("studyId").GetString()!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            var view = await http.GetFromJsonAsync<JsonElement>($"cohorts/{cohort}/studies/{study}", patience.Token);
            if (view.GetProperty("state").GetString() is "done") { return (cohort, study); }
            Assert.True(view.GetProperty("state").GetString() is "queued" or "running", view.ToString());
            await Task.Delay(100, patience.Token);
        }
    }

    private static void RequirePortal() => Assert.SkipUnless(
        File.Exists(Path.Combine(AppContext.BaseDirectory, "portal", "main.js")) || Directory.Exists(Path.Combine(TestData.Root, "services", "Portal", "dist")), "needs the portal, which is built with Node.js");
}
