namespace BoneMet.Cli.Backup;

/// <summary>The last entry of a backup: what must be in it.</summary>
internal sealed record ArchiveManifest
{
    public const string EntryName = "manifest.json";
    public const int CurrentFormat = 1;

    public required int Format { get; init; }
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Documents by collection.</summary>
    public required IReadOnlyDictionary<string, long> Documents { get; init; }
    public required IReadOnlyList<ArchivedFile> Files { get; init; }
}
