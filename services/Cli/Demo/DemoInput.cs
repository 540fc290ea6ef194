using System.Text.Json;
using BoneMet.Contracts.Api;
using BoneMet.Contracts.Events;

namespace BoneMet.Cli.Demo;

/// <summary>The three strands of the demo's case: what the user gave, and what was generated in its place.</summary>
internal sealed record DemoInput
{
    public required NewCase Case { get; init; }
    public required IReadOnlyList<string> Images { get; init; }
    public string? Slide { get; init; }
    public string? Roi { get; init; }

    /// <summary>Strands that were generated in code; every output says so.</summary>
    public required IReadOnlyList<string> Generated { get; init; }

    public static DemoInput Prepare(DemoOptions options, string scratch)
    {
        var generated = new List<string>();
        var images = FindImages(options, scratch, generated);
        var slide = FindSlide(options, scratch, generated);
        var newCase = ReadCase(options, generated);
        var expected = new List<string>();
        if (images.Count > 0) { expected.Add(Strand.Imaging); }
        if (slide is not null) { expected.Add(Strand.Pathology); }
        return new DemoInput { Case = newCase with { Expected = expected }, Images = images, Slide = slide, Roi = options.Roi, Generated = generated };
    }

    private static IReadOnlyList<string> FindImages(DemoOptions options, string scratch, List<string> generated)
    {
        if (options.Without.Contains(Strand.Imaging)) { return []; }
        var folder = options.Images;
        if (folder is null)
        {
            generated.Add(Strand.Imaging);
            folder = Directory.CreateDirectory(Path.Combine(scratch, "images")).FullName;
            SyntheticCt.Write(folder, options.Seed);
        }
        if (File.Exists(folder)) { return [folder]; }
        if (!Directory.Exists(folder)) { throw new CliFailure($"--images {folder}: there is no such folder."); }

        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : throw new CliFailure($"--images {folder}: the folder is empty.");
    }

    private static string? FindSlide(DemoOptions options, string scratch, List<string> generated)
    {
        if (options.Without.Contains(Strand.Pathology)) { return null; }
        if (options.Slide is { } given) { return File.Exists(given) ? given : throw new CliFailure($"--slide {given}: there is no such file."); }

        generated.Add(Strand.Pathology);
        var file = Path.Combine(scratch, "slide.tif");
        SyntheticSlide.Write(file, options.Seed);
        return file;
    }

    private static NewCase ReadCase(DemoOptions options, List<string> generated)
    {
        NewCase given;
        if (options.Factors is { } file)
        {
            if (!File.Exists(file)) { throw new CliFailure($"--factors {file}: there is no such file."); }
            try { given = JsonSerializer.Deserialize<NewCase>(File.ReadAllText(file), PlatformClient.Json) ?? throw new CliFailure($"--factors {file}: it is empty."); }
            catch (JsonException fault) { throw new CliFailure($"--factors {file}: not a case in JSON: {fault.Message}"); }
        }
        else
        {
            if (!options.Without.Contains(Strand.Clinical)) { generated.Add(Strand.Clinical); }
            // Encoders that learned from generated data say nothing about real images, so those go with a clinical cancer type.
            given = options.Images is null && options.Slide is null ? SyntheticClinical.Demonstration(options.Seed) : SyntheticClinical.Case(options.Seed);
        }
        return options.Without.Contains(Strand.Clinical) ? given with { Factors = [] } : given;
    }
}
