using System.Reflection;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(BoneMet.FunctionalTests.Pages.Browser))]

namespace BoneMet.FunctionalTests.Pages;

/// <summary>Debian's Chromium, started when the first test of a page asks for it; without it (or without Node.js for the portal and axe-core) those tests are skipped by name.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private readonly SemaphoreSlim gate = new(1, 1);
    private IPlaywright? playwright;
    private IBrowser? chromium;

    /// <summary>The folder of the NuGet package, which holds the driver.</summary>
    private static string? Driver { get; } = typeof(Browser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(given => given.Key == "PlaywrightDriver")?.Value;

    internal static string AxeFile { get; } = Path.Combine(TestData.Root, "services", "Portal", "node_modules", "axe-core", "axe.min.js");

    /// <summary>A page of its own, in a context of its own: nothing is shared with another test.</summary>
    internal async Task<IPage> Page(BrowserNewContextOptions? options = null)
    {
        var program = Places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "needs Chromium, which is not installed");
        await gate.WaitAsync();
        try
        {
            Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", Driver);
            playwright ??= await Playwright.CreateAsync();
            chromium ??= await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"], Timeout = Patience });
        }
        finally { gate.Release(); }
        var context = await chromium.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    internal const float Patience = 120_000;

    /// <summary>axe-core over the page as it stands; fails with every violation, its rule and the elements.</summary>
    internal static async Task AssertAccessible(IPage page, string what)
    {
        Assert.SkipUnless(File.Exists(AxeFile), "needs axe-core, which npm installs with the portal (Node.js is not here, or npm could not install it)");
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window")) { await page.EvaluateAsync(await File.ReadAllTextAsync(AxeFile) + "\n;undefined"); }
        var violations = await page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
              .flatMap(rule => rule.nodes.map(node => `${rule.id} (${rule.impact}): ${node.html.slice(0, 200)} | ${node.failureSummary.replace(/\s+/g, " ")}`))
            """);
        Assert.True(violations.Length == 0, $"{what}: {violations.Length} violations of axe-core\n{string.Join("\n", violations.Take(30))}");
    }

    /// <summary>A picture for whoever wants to look: BONEMET_TEST_PICTURES names the folder.</summary>
    internal static async Task Picture(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("BONEMET_TEST_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null) { await chromium.DisposeAsync(); }
        playwright?.Dispose();
        gate.Dispose();
    }
}
