namespace BoneMet.Dicom;

/// <summary>
/// A DICOMDIR (PS3.3 F): a tree of records. Offsets in the file are followed where they are right; where an edit has moved records (or a
/// tool wrote offsets wrongly) the order of records and their types give the same tree.
/// </summary>
public sealed class DicomDirectory
{
    private DicomDirectory(DicomFile file, IReadOnlyList<DicomDirectoryRecord> roots) => (File, Roots) = (file, roots);

    public DicomFile File { get; }

    public IReadOnlyList<DicomDirectoryRecord> Roots { get; }

    public string FileSetId => File.Dataset.GetSingleValueOrDefault(DicomTag.FileSetID, "");

    /// <exception cref="DicomException">The file is no DICOMDIR.</exception>
    public static DicomDirectory Open(string path)
    {
        var file = DicomFile.Open(path);
        if (file.Dataset.GetSingleValueOrDefault(DicomTag.MediaStorageSOPClassUID, file.FileMetaInfo.GetSingleValueOrDefault(DicomTag.MediaStorageSOPClassUID, "")) != DicomUID.MediaStorageDirectoryStorage.UID
            && !file.Dataset.Contains(DicomTag.DirectoryRecordSequence))
        {
            throw new DicomException("the file is no DICOMDIR: it has no Directory Record Sequence (0004,1220).");
        }
        var records = file.Dataset.Items(DicomTag.DirectoryRecordSequence).Where(item => item.GetSingleValueOrDefault(DicomTag.RecordInUseFlag, 0xFFFF) != 0).ToList();
        return new DicomDirectory(file, ByOffset(file, records) ?? ByOrder(records));
    }

    /// <summary>The file that a record refers to, beside this DICOMDIR; null when it is not there. Media are copied with names in either case.</summary>
    public string? Locate(DicomDirectoryRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.FilePath is not { } relative || File.Path is not { } own) { return null; }
        var at = Path.GetDirectoryName(Path.GetFullPath(own))!;
        foreach (var part in relative.Split('/'))
        {
            // A name that leaves the folder is no File ID (PS3.10 8.2).
            if (part is "" or "." or ".." || !Directory.Exists(at)) { return null; }
            var exact = Path.Combine(at, part);
            var found = Path.Exists(exact) ? exact : Directory.EnumerateFileSystemEntries(at).FirstOrDefault(entry => Path.GetFileName(entry).Equals(part, StringComparison.OrdinalIgnoreCase));
            if (found is null) { return null; }
            at = found;
        }
        return System.IO.File.Exists(at) ? at : null;
    }

    /// <summary>Null when an offset leads to no record, or round in a circle.</summary>
    private static List<DicomDirectoryRecord>? ByOffset(DicomFile file, List<DicomDataset> items)
    {
        var byOffset = new Dictionary<uint, DicomDataset>();
        foreach (var item in items)
        {
            if (item.ItemOffset is not { } offset || offset > uint.MaxValue) { return null; }
            byOffset[(uint)offset] = item;
        }
        var seen = new HashSet<uint>();
        var roots = new List<DicomDirectoryRecord>();
        var first = file.Dataset.GetSingleValueOrDefault(DicomTag.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity, 0u);
        var pending = new Stack<(uint Offset, List<DicomDirectoryRecord> Into)>([(first, roots)]);
        while (pending.TryPop(out var next))
        {
            for (var at = next.Offset; at != 0;)
            {
                if (!seen.Add(at) || !byOffset.TryGetValue(at, out var item)) { return null; }
                var record = new DicomDirectoryRecord(item);
                next.Into.Add(record);
                var lower = item.GetSingleValueOrDefault(DicomTag.OffsetOfReferencedLowerLevelDirectoryEntity, 0u);
                if (lower != 0) { pending.Push((lower, record.Children)); }
                at = item.GetSingleValueOrDefault(DicomTag.OffsetOfTheNextDirectoryRecord, 0u);
            }
        }
        return seen.Count == items.Count ? roots : null;
    }

    private static List<DicomDirectoryRecord> ByOrder(List<DicomDataset> items)
    {
        var roots = new List<DicomDirectoryRecord>();
        var path = new List<DicomDirectoryRecord>();
        foreach (var record in items.Select(item => new DicomDirectoryRecord(item)))
        {
            var level = record.Type switch { "PATIENT" => 0, "STUDY" => 1, "SERIES" => 2, _ => 3 };
            while (path.Count > level) { path.RemoveAt(path.Count - 1); }
            (path.Count > 0 ? path[^1].Children : roots).Add(record);
            path.Add(record);
        }
        return roots;
    }
}
