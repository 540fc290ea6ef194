using BoneMet.Contracts.Encoders;
using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;

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
}
