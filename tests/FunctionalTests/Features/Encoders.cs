using BoneMet.Contracts.Encoders;
using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using Google.Protobuf;

namespace BoneMet.FunctionalTests.Features;

/// <summary>The encoders that ship, and copies of them that a test may spoil.</summary>
internal static class Encoders
{
    public const string Lesion = "lesion-untrained";
    public const string Tile = "tile-untrained";

    public static string Folder { get; } = Path.Combine(TestData.Root, "services", "FeatureExtraction", "Encoders");

    public static InferenceOptions Options(int threads = 1) => new() { Threads = threads, TileBatch = 16 };

    public static EncoderPackage Package(string id) =>
        EncoderCatalogue.Load([Folder], CardTrust.ShippedOnly).Find(id) ?? throw new InvalidOperationException($"{id} does not ship");

    public static EncoderSession Open(string id, int threads = 1) => EncoderSession.Open(Package(id), Options(threads));

    /// <summary>The key that the tests' own encoders are signed with.</summary>
    private static readonly System.Security.Cryptography.ECDsa Key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);

    /// <summary>Reads a folder, after signing every card in it with the tests' key.</summary>
    public static EncoderCatalogue LoadSigned(params string[] folders)
    {
        foreach (var card in folders.Where(folder => folder != Folder).SelectMany(folder => Directory.GetFiles(folder, "*.card.json")))
        {
            File.WriteAllBytes(CardSignature.PathFor(card), CardSignature.Sign(File.ReadAllBytes(card), Key).Write());
        }
        return EncoderCatalogue.Load(folders, new CardTrust([Key]));
    }

    /// <summary>A temporary folder with copies of one encoder's card and file.</summary>
    public static string Copy(string id)
    {
        var folder = Directory.CreateTempSubdirectory("encoders-").FullName;
        foreach (var path in Directory.GetFiles(Folder, $"{id}.*")) { File.Copy(path, Path.Combine(folder, Path.GetFileName(path))); }
        return folder;
    }

    /// <summary>Replaces the value of every property of this name in the folder's card.</summary>
    public static void Recard(string folder, string property, string value)
    {
        var path = Directory.GetFiles(folder, "*.card.json").Single();
        var text = File.ReadAllText(path);
        var pattern = $"\"{property}\": \"[^\"]*\"";
        Xunit.Assert.Matches(pattern, text);
        File.WriteAllText(path, System.Text.RegularExpressions.Regex.Replace(text, pattern, $"\"{property}\": \"{value}\""));
    }

    /// <summary>Gives the folder's encoder other heads: its ONNX file with the metadata entry changed, and its card with the new digest.</summary>
    public static void Rehead(string folder, Func<string, string> change)
    {
        const int metadata = 14;
        var path = Directory.GetFiles(folder, "*.onnx").Single();
        var model = File.ReadAllBytes(path);
        using var changed = new MemoryStream();
        using var input = new CodedInputStream(model);
        for (var start = 0L; input.ReadTag() is var tag and not 0; start = input.Position)
        {
            if (WireFormat.GetTagFieldNumber(tag) != metadata)
            {
                input.SkipLastField();
                changed.Write(model, (int)start, (int)(input.Position - start));
                continue;
            }
            var (key, value) = Entry(input.ReadBytes().ToByteArray());
            using var entry = new MemoryStream();
            using (var writer = new CodedOutputStream(entry, leaveOpen: true))
            {
                writer.WriteTag(1, WireFormat.WireType.LengthDelimited);
                writer.WriteString(key);
                writer.WriteTag(2, WireFormat.WireType.LengthDelimited);
                writer.WriteString(key == "bonemet.heads" ? change(value) : value);
            }
            using var output = new CodedOutputStream(changed, leaveOpen: true);
            output.WriteTag(metadata, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(entry.ToArray()));
        }
        File.WriteAllBytes(path, changed.ToArray());
        Recard(folder, "sha256", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(changed.ToArray())));
    }

    private static (string Key, string Value) Entry(byte[] bytes)
    {
        var (key, value) = ("", "");
        using var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1) { key = input.ReadString(); } else { value = input.ReadString(); }
        }
        return (key, value);
    }
}
