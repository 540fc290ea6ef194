using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BoneMet.DicomIngestion.Cases;

/// <summary>Which region the submitter means: a region by its name, or a point (LPS, mm) with a diameter (mm).</summary>
internal sealed record RegionRequest
{
    private const string NamePrefix = "name:";
    private const string SeedPrefix = "seed:";
    private const int LongestName = 64;
    private const double FarthestMm = 5_000;
    private const double LargestDiameterMm = 500;

    public string? Name { get; init; }
    public IReadOnlyList<double>? Seed { get; init; }
    public double? DiameterMm { get; init; }

    /// <summary>The request in one canonical form, part of the input hash.</summary>
    public string Canonical => Name is not null
        ? NamePrefix + Name
        : string.Create(CultureInfo.InvariantCulture, $"{SeedPrefix}{Seed![0]:R},{Seed[1]:R},{Seed[2]:R},{DiameterMm:R}");

    /// <summary>Reads <c>name:GTV_Mass</c> or <c>seed:x,y,z,diameter</c>; <paramref name="problem"/> says what is wrong with anything else.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RegionRequest? region, [NotNullWhen(false)] out string? problem)
    {
        (region, problem) = (null, null);
        if (text.StartsWith(NamePrefix, StringComparison.OrdinalIgnoreCase))
        {
            var name = text[NamePrefix.Length..].Trim();
            if (name.Length is 0 or > LongestName || name.Any(char.IsControl)) { problem = $"roi=name: needs a name of 1 to {LongestName} characters."; return false; }
            region = new RegionRequest { Name = name };
            return true;
        }
        if (text.StartsWith(SeedPrefix, StringComparison.OrdinalIgnoreCase))
        {
            var parts = text[SeedPrefix.Length..].Split(',', StringSplitOptions.TrimEntries);
            var numbers = new double[4];
            if (parts.Length != numbers.Length) { problem = $"roi=seed: needs four numbers x,y,z,diameter in millimetres (LPS), not {parts.Length}."; return false; }
            for (var n = 0; n < numbers.Length; n++)
            {
                if (!double.TryParse(parts[n], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[n]) || !(Math.Abs(numbers[n]) <= FarthestMm)) { problem = $"roi=seed: '{parts[n]}' is not a number of millimetres."; return false; }
            }
            if (!(numbers[3] is > 0 and <= LargestDiameterMm)) { problem = $"roi=seed: the diameter must be above 0 and at most {LargestDiameterMm} mm."; return false; }
            region = new RegionRequest { Seed = numbers[..3], DiameterMm = numbers[3] };
            return true;
        }
        problem = "roi must be 'name:REGION' or 'seed:x,y,z,diameterMm' (LPS, millimetres).";
        return false;
    }
}
