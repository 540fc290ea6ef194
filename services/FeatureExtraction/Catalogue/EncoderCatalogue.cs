using System.Text.Json;

namespace BoneMet.FeatureExtraction.Catalogue;

/// <summary>The encoders that this process may use, read from their cards; no ONNX file is opened here.</summary>
internal sealed class EncoderCatalogue
{
    private const long LargestCard = 4 * 1024 * 1024;

    private EncoderCatalogue(IReadOnlyList<EncoderPackage> packages, IReadOnlyList<RejectedEncoder> rejected)
    {
        Packages = packages;
        Rejected = rejected;
    }

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<EncoderPackage> Packages { get; }

    public IReadOnlyList<RejectedEncoder> Rejected { get; }

    /// <summary>Those that read images.</summary>
    public IEnumerable<EncoderPackage> Encoders => Packages.Where(package => package.Card.Modality != EncoderCard.Fusion);

    /// <summary>Reads the cards that ship with this build and those of other folders; a card that cannot be used is kept in <see cref="Rejected"/> with its reason.</summary>
    /// <param name="folders">Folders with <c>*.card.json</c>.</param>
    /// <param name="trust">Which cards may be believed.</param>
    public static EncoderCatalogue Load(IEnumerable<string> folders, CardTrust trust)
    {
        var packages = new SortedDictionary<string, EncoderPackage>(StringComparer.Ordinal);
        var rejected = new List<RejectedEncoder>();
        foreach (var path in folders.Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, "*.card.json").Order(StringComparer.Ordinal)))
        {
            var name = Path.GetFileName(path);
            if (!TryRead(path, trust, out var card, out var fault)) { rejected.Add(new(name, fault)); }
            else if (packages.ContainsKey(card.Id)) { rejected.Add(new(name, $"the id {card.Id} is already taken by another card")); }
            else { packages.Add(card.Id, new(card, Path.Combine(Path.GetDirectoryName(path)!, card.File), StateFile.Read(path))); }
        }
        return new([.. packages.Values], rejected);
    }

    public EncoderPackage? Find(string id) => Packages.FirstOrDefault(package => package.Card.Id == id);

    /// <summary>
    /// The encoder for a strand and a cancer type: one whose heads name the type before one for any type; among those a trained one, then a
    /// synthetic one, then an untrained one; then by id. Null when there is none.
    /// </summary>
    public EncoderPackage? Choose(string modality, string cancerType) =>
        Packages.Where(package => package.Card.Modality == modality && package.State == EncoderState.Champion)
            .Where(package => package.Card.CancerTypes.Contains(cancerType) || package.Card.CancerTypes.Contains("*"))
            .OrderByDescending(package => package.Card.CancerTypes.Contains(cancerType))
            .ThenByDescending(package => (package.Card.Trained, !package.Card.Synthetic))
            .ThenBy(package => package.Card.Id, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>The fusion of exactly these two encoders for a cancer type; null when there is none.</summary>
    public EncoderPackage? Fusion(string imagingSha256, string pathologySha256, string cancerType) =>
        Packages.Where(package => package.State == EncoderState.Champion && package.Card.Parts is { } parts
                && parts[Contracts.Events.Strand.Imaging].Sha256 == imagingSha256 && parts[Contracts.Events.Strand.Pathology].Sha256 == pathologySha256)
            .Where(package => package.Card.CancerTypes.Contains(cancerType) || package.Card.CancerTypes.Contains("*"))
            .OrderByDescending(package => package.Card.CancerTypes.Contains(cancerType))
            .FirstOrDefault();

    private static bool TryRead(string path, CardTrust trust, out EncoderCard card, out string fault)
    {
        card = null!;
        fault = "";
        if (new FileInfo(path).Length > LargestCard)
        {
            fault = "the card is larger than 4 MiB";
            return false;
        }
        try
        {
            var bytes = File.ReadAllBytes(path);
            card = JsonSerializer.Deserialize<EncoderCard>(bytes, JsonSerializerOptions.Web)!;
            if (trust.Fault(path, bytes) is { } doubt)
            {
                fault = doubt;
                return false;
            }
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            fault = $"the card cannot be read: {exception.Message}";
            return false;
        }
        if (card is null)
        {
            fault = "the card is empty";
            return false;
        }
        fault = string.Join("; ", card.Faults());
        return fault.Length == 0;
    }
}
