using System.CommandLine;
using BoneMet.Contracts.Events;

namespace BoneMet.Cli.Demo;

/// <summary>`bonemet demo`: takes one case from its images to a nomogram.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var images = new Option<string?>("--images") { Description = "Folder with the DICOM files of the primary lesion (RTSTRUCT or SEG included when there is one)", HelpName = "DIR" };
        var slide = new Option<string?>("--slide") { Description = "Pathology slide: tiled TIFF or SVS", HelpName = "FILE" };
        var factors = new Option<string?>("--factors") { Description = "Clinical factors, in the form of the API's case (POST /api/v1/cases)", HelpName = "FILE.json" };
        var roi = new Option<string?>("--roi") { Description = "Lesion region: name:GTV_Mass, or seed:x,y,z,diameter in LPS millimetres", HelpName = "ROI" };
        var without = new Option<string[]>("--without") { Description = "Leave a strand out: imaging, pathology or clinical (may be repeated)", HelpName = "STRAND", AllowMultipleArgumentsPerToken = true };
        without.AcceptOnlyFromAmong([.. Strand.All]);
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of a picture of the progress" };
        var output = new Option<string?>("--out") { Description = "Keep nomogram.svg, report.html and the JSON files in this folder", HelpName = "DIR" };
        var url = new Option<string?>("--url") { Description = "Use a platform that is already running (see `bonemet up`, `bonemet cluster`)" };
        var key = new Option<string?>("--key") { Description = "API key for --url (or the variable BONEMET_KEY)" };
        var seed = new Option<int>("--seed") { Description = "Seed of what is generated", DefaultValueFactory = _ => SyntheticCase.DefaultSeed };
        var timeout = new Option<int>("--timeout") { Description = "Seconds to wait for the case", DefaultValueFactory = _ => 300 };
        var command = new Command("demo", "Take one case from its images to a nomogram; without arguments the case is generated (synthetic)") { images, slide, factors, roi, without, json, output, url, key, seed, timeout };
        command.SetAction((parsed, cancellation) => DemoRunner.Run(new DemoOptions
        {
            Images = parsed.GetValue(images),
            Slide = parsed.GetValue(slide),
            Factors = parsed.GetValue(factors),
            Roi = parsed.GetValue(roi),
            Without = (parsed.GetValue(without) ?? []).ToHashSet(),
            Json = parsed.GetValue(json),
            Out = parsed.GetValue(output),
            Url = Address(parsed.GetValue(url)),
            Key = parsed.GetValue(key) ?? Environment.GetEnvironmentVariable("BONEMET_KEY"),
            Seed = parsed.GetValue(seed),
            TimeoutSeconds = parsed.GetValue(timeout),
        }, cancellation));
        return command;
    }

    private static Uri? Address(string? given) =>
        given is null ? null
        : Uri.TryCreate(given, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
        : throw new CliFailure($"--url {given}: not an http or https address.");
}
