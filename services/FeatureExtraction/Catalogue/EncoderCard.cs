using System.Text.Json;

namespace BoneMet.FeatureExtraction.Catalogue;

/// <summary>What is written about an encoder beside its ONNX file: <c>ID.card.json</c>, schema <see cref="Schema1"/>.</summary>
internal sealed record EncoderCard
{
    public const string Schema1 = "bonemet.encoder/1";

    /// <summary>Modality of a package that reads the embeddings of two encoders instead of images.</summary>
    public const string Fusion = "fusion";

    public required string Schema { get; init; }
    public required string Id { get; init; }
    public required string Version { get; init; }
    public required string Title { get; init; }

    /// <summary>The strand it serves: imaging or pathology; or <see cref="Fusion"/>.</summary>
    public required string Modality { get; init; }

    /// <summary>Name of the ONNX file, in the card's own folder.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the ONNX file; heads and calibration are inside that file, so this covers everything a label depends on.</summary>
    public required string Sha256 { get; init; }

    /// <summary>False: the label is shown, but never enters a model.</summary>
    public required bool Trained { get; init; }

    /// <summary>True: learned from generated data, for demonstration.</summary>
    public required bool Synthetic { get; init; }

    /// <summary>One sentence that must stand wherever the label is shown.</summary>
    public required string Marking { get; init; }
    public required EncoderLicence Licence { get; init; }
    public required EncoderInput Input { get; init; }
    public required EncoderOutput Output { get; init; }

    /// <summary>Cancer types that its heads are for; "*" is any.</summary>
    public required IReadOnlyList<string> CancerTypes { get; init; }
    public required EncoderGolden Golden { get; init; }

    /// <summary>Of a fusion: the two encoders whose embeddings it was trained on, by strand. It reads those of no other.</summary>
    public IReadOnlyDictionary<string, FusionPart>? Parts { get; init; }

    /// <summary>Distribution of the labels in validation; without it, drift is measured against the first cases of each site.</summary>
    public EncoderReference? Reference { get; init; }

    /// <summary>Training data, metrics and their intervals, as the training job wrote them.</summary>
    public JsonElement Training { get; init; }

    /// <summary>Every fault of the card, each as one sentence; empty when it can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        Check(Schema == Schema1, $"schema must be {Schema1}, not '{Schema}'");
        Check(IsPlainName(Id), "id must be 1 to 64 of a-z, 0-9, '-' and '.'");
        Check(Version.Length is > 0 and <= 32, "version must have 1 to 32 characters");
        Check(Modality is Contracts.Events.Strand.Imaging or Contracts.Events.Strand.Pathology or Fusion, $"modality must be imaging, pathology or fusion, not '{Modality}'");
        Check(Modality != Fusion || (Parts?.ContainsKey(Contracts.Events.Strand.Imaging) == true && Parts.ContainsKey(Contracts.Events.Strand.Pathology)), "a fusion must name its parts imaging and pathology");
        Check(File.EndsWith(".onnx", StringComparison.Ordinal) && Path.GetFileName(File) == File, "file must be the plain name of an .onnx file");
        Check(Sha256.Length == 64 && Sha256.All(char.IsAsciiHexDigitLower), "sha256 must be 64 lower-case hex digits");
        Check(!string.IsNullOrWhiteSpace(Licence.Spdx), "licence.spdx is missing: an encoder without a licence is not loaded");
        Check(Trained || !string.IsNullOrWhiteSpace(Marking), "an encoder that is not trained needs a marking");
        Check(!Synthetic || !string.IsNullOrWhiteSpace(Marking), "an encoder learned from generated data needs a marking");
        Check(CancerTypes.Count > 0, "cancerTypes is empty");
        Check(Output.Embedding is > 0 and <= 4096, "output.embedding must be 1 to 4096");
        Check(Golden.Items is > 0 and <= 8, "golden.items must be 1 to 8");
        faults.AddRange(Input.Faults(Modality));
        faults.AddRange(Reference?.Faults() ?? []);
        return faults;

        void Check(bool good, string fault)
        {
            if (!good) { faults.Add(fault); }
        }
    }

    private static bool IsPlainName(string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.');
}
