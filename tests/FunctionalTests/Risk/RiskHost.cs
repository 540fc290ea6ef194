using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BoneMet.ClinicalScoring;
using BoneMet.Contracts.Api;
using BoneMet.FunctionalTests.Support;
using BoneMet.NomogramAggregation;
using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.FunctionalTests.Risk;

/// <summary>NomogramAggregation and ClinicalScoring with stores of their own, so that no other test sees the models and watches of these.</summary>
internal sealed class RiskHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly TestService service;

    private RiskHost(TestService service, HttpClient site, HttpClient other, HttpClient operators) => (this.service, Site, Other, Operator) = (service, site, other, operators);

    public HttpClient Site { get; }
    public HttpClient Other { get; }
    public HttpClient Operator { get; }

    public static async Task<RiskHost> Start(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var service = await TestService.Start(
            builder =>
            {
                builder.AddClinicalScoring();
                builder.AddNomogramAggregation();
            },
            bus =>
            {
                bus.AddClinicalScoringConsumers();
                bus.AddNomogramAggregationConsumers();
            },
            app => app.MapNomogramAggregation(),
            settings: settings);
        return new RiskHost(service, await service.Client("site-a"), await service.Client("site-b"), await service.Client("operators", isOperator: true));
    }

    /// <summary>A lung adenocarcinoma with two other metastatic sites and a tumour of this size.</summary>
    public static NewCase Case(double size = 41, string sites = "2") => new() { Subject = "P-17", CancerType = "lung", Histology = "adenocarcinoma", Factors = Factors(size, sites) };

    public static IReadOnlyList<NewFactor> Factors(double size, string sites) =>
    [
        new() { Name = "sex", Value = JsonSerializer.SerializeToElement("male") },
        new() { Name = "other-metastatic-sites", Value = JsonSerializer.SerializeToElement(sites) },
        new() { Name = "tumour-size", Value = JsonSerializer.SerializeToElement(size), Unit = "mm" },
    ];

    public static async Task<CaseView> Predicted(HttpClient http, NewCase body)
    {
        using var response = await http.PostAsJsonAsync("/api/v1/cases", body, JsonSerializerOptions.Web);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var id = (await response.Content.ReadFromJsonAsync<CaseView>(JsonSerializerOptions.Web))!.Id;
        return await Until(() => http.GetFromJsonAsync<CaseView>($"/api/v1/cases/{id}", JsonSerializerOptions.Web), view => view.Predictions.Count > 0);
    }

    public static async Task<T> Until<T>(Func<Task<T?>> look, Func<T, bool> enough)
        where T : class
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            if (await look() is { } seen && enough(seen)) { return seen; }
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>A version of a built-in model that was recalibrated at a site, on outcomes generated for the test.</summary>
    public static RiskModel Recalibrated(string id, string site, double shift)
    {
        var parent = ModelLibrary.BuiltIn.Find(id)!;
        var random = new Random(11);
        double[] predictors = [.. Enumerable.Range(0, 400).Select(_ => parent.Model.Intercept!.Value!.Value + (2 * random.NextDouble()))];
        bool[] outcomes = [.. predictors.Select(lp => random.NextDouble() < 1 / (1 + Math.Exp(-lp - shift)))];
        return Recalibration.Fit(parent, predictors, outcomes, fitSlope: false, site, new string('a', 64)).Model;
    }

    public static string Signed(RiskModel model) => ModelFile.Save(ModelSigning.Sign(model, ModelSigning.NewKey()));

    public Task<HttpResponseMessage> Publish(string json) => Operator.PostAsync("/api/v1/models", new StringContent(json, Encoding.UTF8, "application/json"));

    public async ValueTask DisposeAsync()
    {
        Site.Dispose();
        Other.Dispose();
        Operator.Dispose();
        await service.DisposeAsync();
    }
}
