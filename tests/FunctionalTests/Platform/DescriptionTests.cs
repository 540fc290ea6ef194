using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace BoneMet.FunctionalTests.Platform;

public sealed class DescriptionTests(PlatformFixture platform)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>BONEMET_WRITE_OPENAPI=1 writes the file anew.</summary>
    [Fact]
    public async Task OpenApi_CheckedIn_EqualsWhatTheEndpointsSay()
    {
        using var http = platform.Client(platform.OperatorKey);
        var generated = JsonNode.Parse(await http.GetStringAsync("/openapi/generated/v1.json"))!.ToJsonString(Indented) + "\n";
        var file = Path.Combine(TestData.Root, "services", "Gateway", "Description", "openapi.json");
        if (Environment.GetEnvironmentVariable("BONEMET_WRITE_OPENAPI") == "1") { await File.WriteAllTextAsync(file, generated); }
        Assert.Equal(await File.ReadAllTextAsync(file), generated);
    }

    [Fact]
    public async Task OpenApi_Served_NamesEveryRouteThatSitesUse()
    {
        using var http = new HttpClient { BaseAddress = platform.Url };
        using var document = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json"));
        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString());
        var paths = document.RootElement.GetProperty("paths");
        foreach (var path in new[] { "/api/v1/cases", "/api/v1/cases/{id}", "/api/v1/cases/{id}/factors", "/api/v1/cases/{id}/events", "/api/v1/cases/{id}/prediction", "/api/v1/cases/{id}/nomogram.svg", "/api/v1/cases/{id}/report", "/api/v1/predict", "/api/v1/models", "/api/v1/models/{id}" })
        {
            Assert.True(paths.TryGetProperty(path, out _), $"{path} is not described");
        }
        Assert.Contains(paths.EnumerateObject(), path => path.Name.EndsWith("/images", StringComparison.Ordinal));
        Assert.Contains(paths.EnumerateObject(), path => path.Name.EndsWith("/slides", StringComparison.Ordinal));
        using var page = await http.GetAsync("/docs/");
        Assert.True(page.IsSuccessStatusCode);
    }
}
