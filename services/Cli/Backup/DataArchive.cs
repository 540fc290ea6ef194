using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using BoneMet.Storage;
using BoneMet.Storage.Blobs;

namespace BoneMet.Cli.Backup;

/// <summary>
/// A data folder as one tar file. Documents are copied first and blobs after them, those in journals before those in files: a blob is on the disk before a document names it and is
/// never changed, so what the documents of the copy name is in the copy, however busy the platform is meanwhile.
/// </summary>
internal static class DataArchive
{
    private const string Blobs = "blobs";

    // Logs, what is being received, caches, the broker of `bonemet cluster`: none of it is needed to carry on (outboxes are in the documents).
    private static readonly string[] LeftOut = ["log", "spool", "blob-cache", "rabbitmq", $"{Blobs}/tmp", $"{Blobs}/journal"];
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes the archive, readable by this user only: keys are in it.</summary>
    public static async Task<ArchiveManifest> Write(string data, string file, DateTimeOffset now, CancellationToken cancellation)
    {
        var snapshot = $"{file}.documents";
        var unfinished = $"{file}.unfinished";
        try
        {
            DocumentSnapshot.Take(Path.Combine(data, DocumentSnapshot.FileName), snapshot);
            var files = new List<ArchivedFile>();
            var output = new FileStream(unfinished, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            await using (output)
            {
                await using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
                files.Add(await Add(tar, snapshot, DocumentSnapshot.FileName, cancellation));
                foreach (var (path, blob) in FolderBlobStore.Unplaced(Path.Combine(data, Blobs)).DistinctBy(blob => blob.Path)) { files.Add(await Add(tar, $"{Blobs}/{path}", blob, now, cancellation)); }
                var taken = files.Select(known => known.Path).ToHashSet(StringComparer.Ordinal);
                foreach (var path in Kept(data).Where(path => !taken.Contains(path))) { files.Add(await Add(tar, Path.Combine(data, path), path, cancellation)); }
                var manifest = new ArchiveManifest { Format = ArchiveManifest.CurrentFormat, MadeAt = now, Documents = DocumentSnapshot.Examine(snapshot), Files = files };
                using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, Json));
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, ArchiveManifest.EntryName) { DataStream = content }, cancellation);
                await tar.DisposeAsync();
                output.Flush(flushToDisk: true);
                File.Move(unfinished, file, overwrite: true);
                return manifest;
            }
        }
        finally
        {
            File.Delete(snapshot);
            File.Delete(unfinished);
        }
    }

    /// <summary>Reads an archive to its end, compares every file with the manifest, and leaves them in <paramref name="folder"/>; null: only compares.</summary>
    /// <exception cref="CliFailure">The archive is damaged or incomplete; the sentence says where.</exception>
    public static async Task<ArchiveManifest> Read(string file, string? folder, CancellationToken cancellation)
    {
        var found = new Dictionary<string, ArchivedFile>(StringComparer.Ordinal);
        ArchiveManifest? manifest = null;
        await using var input = File.OpenRead(file);
        await using var tar = new TarReader(input);
        try
        {
            while (await tar.GetNextEntryAsync(cancellationToken: cancellation) is { } entry)
            {
                if (entry.Name == ArchiveManifest.EntryName) { manifest = await JsonSerializer.DeserializeAsync<ArchiveManifest>(entry.DataStream!, Json, cancellation); }
                else { found[entry.Name] = await Extract(entry, folder, cancellation); }
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or JsonException or FormatException) { throw new CliFailure($"{file} is no complete backup: {fault.Message}"); }

        if (manifest is null) { throw new CliFailure($"{file} is no complete backup: it has no {ArchiveManifest.EntryName} at its end."); }
        if (manifest.Format != ArchiveManifest.CurrentFormat) { throw new CliFailure($"{file} has format {manifest.Format}; this version reads format {ArchiveManifest.CurrentFormat}."); }
        foreach (var wanted in manifest.Files)
        {
            if (!found.TryGetValue(wanted.Path, out var actual)) { throw new CliFailure($"{file} is damaged: {wanted.Path} is missing."); }
            if (actual != wanted) { throw new CliFailure($"{file} is damaged: {wanted.Path} is not what was saved."); }
        }
        return manifest;
    }

    private static IEnumerable<string> Kept(string data) =>
        Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(data, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith(DocumentSnapshot.FileName, StringComparison.Ordinal) && !LeftOut.Any(folder => path.StartsWith($"{folder}/", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    private static async Task<ArchivedFile> Add(TarWriter tar, string path, string name, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(path);

        // A blob's name is its digest; whether the disk still holds it is found when the archive is read.
        var digest = IsBlob(name) ? Path.GetFileName(name) : Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
        content.Position = 0;
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = File.GetUnixFileMode(path), ModificationTime = File.GetLastWriteTimeUtc(path) }, cancellation);
        return new ArchivedFile(name, content.Length, digest);
    }

    private static async Task<ArchivedFile> Add(TarWriter tar, string name, byte[] blob, DateTimeOffset now, CancellationToken cancellation)
    {
        using var content = new MemoryStream(blob);
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite, ModificationTime = now }, cancellation);
        return new ArchivedFile(name, blob.Length, Path.GetFileName(name));
    }

    private static async Task<ArchivedFile> Extract(TarEntry entry, string? folder, CancellationToken cancellation)
    {
        var path = entry.Name;
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || Path.IsPathRooted(path) || path.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw new CliFailure($"the backup has an entry that none of ours has: {path}");
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        FileStream? output = null;
        if (folder is not null)
        {
            var target = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            output = new FileStream(target, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = entry.Mode | UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }
        await using (output)
        {
            var buffer = new byte[128 * 1024];
            var length = 0L;
            while (entry.DataStream is { } content && await content.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                length += read;
                if (output is not null) { await output.WriteAsync(buffer.AsMemory(0, read), cancellation); }
            }
            output?.Flush(flushToDisk: true);
            return new ArchivedFile(path, length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
    }

    private static bool IsBlob(string name) => name.StartsWith($"{Blobs}/", StringComparison.Ordinal) && Path.GetFileName(name).Length == 64;
}
