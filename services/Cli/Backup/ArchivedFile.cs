namespace BoneMet.Cli.Backup;

/// <summary>A file of a backup.</summary>
/// <param name="Path">Below the data folder, with slashes.</param>
internal sealed record ArchivedFile(string Path, long Bytes, string Sha256);
