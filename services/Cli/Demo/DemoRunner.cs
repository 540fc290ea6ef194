using System.Diagnostics;
using System.Text.Json;
using BoneMet.Cli.Platform;
using BoneMet.Contracts.Api;
using BoneMet.Contracts.Events;

namespace BoneMet.Cli.Demo;

/// <summary>Runs the demo: prepares the case, submits it, follows it, collects what came out.</summary>
internal static class DemoRunner
{
    public static async Task<int> Run(DemoOptions options, CancellationToken cancellation)
    {
        if (options.Without.Count == Strand.All.Count) { throw new CliFailure("--without leaves no strand: at least one is needed for a prediction."); }
        if (options.Url is not null && string.IsNullOrEmpty(options.Key)) { throw new CliFailure("--url needs --key (or the variable BONEMET_KEY)."); }

        var scratch = Directory.CreateTempSubdirectory("bonemet-demo-").FullName;
        try
        {
            var progress = DemoProgress.For(options);
            progress.Say("Preparing the case");
            var input = DemoInput.Prepare(options, scratch);
            if (input.Generated.Count > 0) { progress.Say($"Generated in code, synthetic, not a patient: {string.Join(", ", input.Generated)}"); }

            if (options.Url is { } url) { return await Submit(options, input, url, options.Key!, progress, cancellation); }

            progress.Say("Starting the platform (AllInOne, loopback, temporary data folder)");
            await using var platform = await LocalPlatform.Start(Path.Combine(scratch, "data"), null, cancellation);
            return await Submit(options, input, platform.Url, platform.Key!, progress, cancellation);
        }
        finally { Directory.Delete(scratch, recursive: true); }
    }

    private static async Task<int> Submit(DemoOptions options, DemoInput input, Uri url, string key, DemoProgress progress, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        using var client = new PlatformClient(url, key);
        var created = await client.CreateCase(input.Case, cancellation);
        var final = await progress.Follow(
            async report =>
            {
                var uploads = Upload(client, created.Id, input, cancellation);
                var view = await Watch(client, created.Id, uploads, report, options.TimeoutSeconds, cancellation);
                await uploads;
                return view;
            });
        var elapsed = watch.ElapsedMilliseconds;
        var artefacts = await Collect(client, final, options, cancellation);
        var result = DemoResult.From(final, input, artefacts, client.TraceId, elapsed);
        if (options.Json) { Console.WriteLine(JsonSerializer.Serialize(result, DemoResult.Format)); }
        else { DemoReport.Print(result, final); }
        return result.Prediction is null ? 1 : 0;
    }

    private static async Task Upload(PlatformClient client, string caseId, DemoInput input, CancellationToken cancellation)
    {
        var images = input.Images.Count > 0 ? client.UploadImages(caseId, input.Images, input.Roi, cancellation) : Task.CompletedTask;
        var slide = input.Slide is { } file ? client.UploadSlide(caseId, file, cancellation) : Task.CompletedTask;
        await Task.WhenAll(images, slide);
    }

    private static async Task<CaseView> Watch(PlatformClient client, string caseId, Task uploads, Action<CaseView> report, int limitSeconds, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (uploads.IsFaulted) { await uploads; }
            var view = await client.GetCase(caseId, cancellation);
            report(view);
            if (uploads.IsCompletedSuccessfully && view.Settled) { return view; }
            if (watch.Elapsed.TotalSeconds > limitSeconds)
            {
                var open = view.Strands.Where(strand => strand.Value.Status is "awaited" or "working").Select(strand => $"{strand.Key} is {strand.Value.Status}");
                throw new CliFailure($"The case was not finished within {limitSeconds} s: {string.Join(", ", open)}.");
            }
            await Task.Delay(60, cancellation);
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> Collect(PlatformClient client, CaseView view, DemoOptions options, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(options.Out ?? Path.Combine(Path.GetTempPath(), $"bonemet-{view.Id}")).FullName;
        var artefacts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        artefacts["case.json"] = Path.Combine(folder, "case.json");
        await client.Download($"cases/{view.Id}", artefacts["case.json"], cancellation);
        if (view.Predictions.Count > 0)
        {
            artefacts["nomogram.svg"] = Path.Combine(folder, "nomogram.svg");
            await client.Download($"cases/{view.Id}/nomogram.svg", artefacts["nomogram.svg"], cancellation);
            artefacts["prediction.json"] = Path.Combine(folder, "prediction.json");
            await client.Download($"cases/{view.Id}/prediction", artefacts["prediction.json"], cancellation);
        }
        artefacts["report.html"] = Path.Combine(folder, "report.html");
        await client.Download($"cases/{view.Id}/report", artefacts["report.html"], cancellation);
        return artefacts;
    }
}
