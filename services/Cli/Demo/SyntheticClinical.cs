using System.Globalization;
using System.Text.Json;
using BoneMet.Contracts.Api;

namespace BoneMet.Cli.Demo;

/// <summary>The clinical strand of the generated case: a lung adenocarcinoma that nobody has. The same seed gives the same factors.</summary>
internal static class SyntheticClinical
{
    public static NewCase Case(int seed)
    {
        var noise = new HashNoise(seed);
        return new NewCase
        {
            Subject = string.Create(CultureInfo.InvariantCulture, $"SYNTHETIC-{seed}"),
            CancerType = "lung",
            Histology = "adenocarcinoma",
            Factors =
            [
                Number("age", Math.Round(48 + (30 * noise.At(40, 0))), "years"),
                Level("sex", noise.At(41, 0) < 0.5 ? "female" : "male"),
                Number("tumour-size", Math.Round(22 + (40 * noise.At(42, 0))), "mm"),
                Level("lung-metastasis", noise.At(43, 0) < 0.3 ? "yes" : "no"),
                Level("liver-metastasis", noise.At(44, 0) < 0.5 ? "yes" : "no"),
                Level("brain-metastasis", "no"),
            ],
        };
    }

    private static NewFactor Number(string name, double value, string unit) => new() { Name = name, Value = JsonSerializer.SerializeToElement(value), Unit = unit };

    private static NewFactor Level(string name, string value) => new() { Name = name, Value = JsonSerializer.SerializeToElement(value) };
}
