using System.Collections.Frozen;

namespace BoneMet.RiskModels;

/// <summary>A set of compiled models by id and version. Immutable.</summary>
public sealed class ModelLibrary
{
    private static readonly Lazy<ModelLibrary> Embedded = new(LoadEmbedded);
    private readonly FrozenDictionary<string, CompiledModel> byHash;
    private readonly FrozenDictionary<string, CompiledModel> newest;

    /// <summary>A library of the given models.</summary>
    public ModelLibrary(IEnumerable<CompiledModel> models)
    {
        CompiledModel[] all = [.. models.OrderBy(m => m.Model.Id, StringComparer.Ordinal).ThenBy(m => m.Model.Version, VersionOrder.Instance)];
        for (var i = 1; i < all.Length; i++)
        {
            if (all[i].Model.Id == all[i - 1].Model.Id && all[i].Model.Version == all[i - 1].Model.Version && all[i].Sha256 != all[i - 1].Sha256)
            {
                throw new InvalidOperationException($"Two different documents call themselves {all[i].Model.Id} {all[i].Model.Version}.");
            }
        }
        Versions = all;
        byHash = all.DistinctBy(m => m.Sha256).ToFrozenDictionary(m => m.Sha256, StringComparer.Ordinal);
        newest = all.GroupBy(m => m.Model.Id, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.LastOrDefault(m => !m.Model.Retired) ?? g.Last(), StringComparer.Ordinal);
        All = [.. newest.Values.OrderBy(m => m.Model.Id, StringComparer.Ordinal)];
    }

    /// <summary>The models that ship with the platform, each from print, each with its citation.</summary>
    public static ModelLibrary BuiltIn => Embedded.Value;

    /// <summary>The newest version of each model, by id.</summary>
    public IReadOnlyList<CompiledModel> All { get; }

    /// <summary>Every version.</summary>
    public IReadOnlyList<CompiledModel> Versions { get; }

    /// <summary>A model by id, at <paramref name="version"/> or the newest; null when there is none.</summary>
    public CompiledModel? Find(string id, string? version = null) =>
        version is null ? newest.GetValueOrDefault(id) : Versions.FirstOrDefault(m => m.Model.Id == id && m.Model.Version == version);

    /// <summary>A model by the SHA-256 of its canonical form; null when there is none.</summary>
    public CompiledModel? FindBySha256(string sha256) => byHash.GetValueOrDefault(sha256);

    /// <summary>This library and more models beside it.</summary>
    public ModelLibrary With(IEnumerable<CompiledModel> more) => new(Versions.Concat(more));

    private static ModelLibrary LoadEmbedded()
    {
        const string Prefix = "BoneMet.RiskModels.Library.Models.";
        var assembly = typeof(ModelLibrary).Assembly;
        return new(assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            var load = ModelFile.Load(bytes.ToArray());
            return new CompiledModel(load.Model ?? throw new InvalidDataException($"{name[Prefix.Length..]}: {string.Join("; ", load.Faults)}"));
        }));
    }
}
