using System.Globalization;
using System.Text.Json;
using BoneMet.Contracts.Api;
using BoneMet.Imaging.Synthetic;

namespace BoneMet.Cli.Demo;

/// <summary>The clinical strand of a generated case. The same seed gives the same factors.</summary>
internal static class SyntheticClinical
{
    /// <summary>The generated patient of the synthetic demonstration models: the factors belong to the same lesion and tissue as the images.</summary>
    public static NewCase Demonstration(int seed)
    {
        var patient = SyntheticPatient.Draw((ulong)seed, 0);
        return new NewCase
        {
            Subject = string.Create(CultureInfo.InvariantCulture, $"SYNTHETIC-{seed}"),
            CancerType = SyntheticPatient.CancerType,
            Factors = [Number("age", patient.Age, "years"), Number("alp", patient.Phosphatase, "U/L")],
        };
    }

    /// <summary>Factors to go with images that were not generated: a lung adenocarcinoma that nobody has.</summary>
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
