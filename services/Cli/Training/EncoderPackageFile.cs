using System.Security.Cryptography;
using System.Text.Json;
using BoneMet.Contracts.Encoders;

namespace BoneMet.Cli.Training;

/// <summary>An encoder package on disk: a card, its ONNX file, its signature and its state.</summary>
internal sealed class EncoderPackageFile
{
    private const string Extension = ".card.json";

    private EncoderPackageFile(string path, byte[] bytes, JsonElement card) => (Path, Bytes, Card) = (path, bytes, card);

    public string Path { get; }

    public byte[] Bytes { get; }

    public JsonElement Card { get; }

    public string Id => Text("id");

    public string Version => Text("version");

    public string Modality => Text("modality");

    public string Sha256 => Text("sha256");

    public string Licence => Card.GetProperty("licence").GetProperty("spdx").GetString() ?? "";

    public bool Commercial => Card.GetProperty("licence").GetProperty("commercial").GetBoolean();

    public string Kind => !Card.GetProperty("trained").GetBoolean() ? "untrained" : Card.GetProperty("synthetic").GetBoolean() ? "synthetic" : "trained";

    public string ModelPath => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, Text("file"));

    public string StatePath => Path[..^Extension.Length] + ".state";

    public string State => File.Exists(StatePath) ? File.ReadAllText(StatePath).Trim() : "champion";

    /// <exception cref="TrainingFailure">It is not a card.</exception>
    public static EncoderPackageFile Read(string path)
    {
        if (!path.EndsWith(Extension, StringComparison.Ordinal)) { throw new TrainingFailure($"{path}: an encoder's card is named ID{Extension}."); }
        if (!File.Exists(path)) { throw new TrainingFailure($"{path}: there is no such file."); }
        try
        {
            var bytes = File.ReadAllBytes(path);
            var package = new EncoderPackageFile(path, bytes, JsonDocument.Parse(bytes).RootElement.Clone());
            if (package.Text("schema") != "bonemet.encoder/1") { throw new TrainingFailure($"{path}: schema is not bonemet.encoder/1."); }
            var names = new[] { package.Id, package.Version, package.Modality, package.Sha256, package.Text("file"), package.Kind };
            if (string.IsNullOrWhiteSpace(package.Licence)) { throw new TrainingFailure($"{path}: licence.spdx is missing; an encoder without a licence is not loaded."); }
            if (package.Id.Length == 0 || package.Id.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))) { throw new TrainingFailure($"{path}: id must be made of a-z, 0-9, '-' and '.'."); }
            return System.IO.Path.GetFileName(package.Text("file")) == package.Text("file") ? package : throw new TrainingFailure($"{path}: file must be a plain name, not {names[4]}.");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new TrainingFailure($"{path}: not an encoder's card: {exception.Message}");
        }
    }

    public static IEnumerable<EncoderPackageFile> In(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal).Select(Read) : [];

    /// <summary>Why the ONNX file is not the one that the card names, or null.</summary>
    public string? ModelFault()
    {
        if (!File.Exists(ModelPath)) { return $"{Text("file")} is missing"; }
        using var stream = File.OpenRead(ModelPath);
        var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
        return digest == Sha256 ? null : $"{Text("file")} has SHA-256 {digest}, the card says {Sha256}";
    }

    /// <summary>Why the signature does not hold, or null.</summary>
    public string? SignatureFault(IReadOnlyList<ECDsa> trusted)
    {
        var beside = CardSignature.PathFor(Path);
        if (!File.Exists(beside)) { return "not signed"; }
        try
        {
            return CardSignature.Read(File.ReadAllBytes(beside)).Holds(Bytes, trusted) ? null : "not signed by a trusted key";
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private string Text(string name) => Card.GetProperty(name).GetString() ?? "";
}
