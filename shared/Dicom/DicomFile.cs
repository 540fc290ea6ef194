using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace BoneMet.Dicom;

/// <summary>A DICOM file (PS3.10): file meta information and data set. Reading accepts files without preamble or meta header when their start is a plausible data set.</summary>
public sealed class DicomFile
{
    private const int InflateInMemory = 16 << 20;

    /// <summary>Implementation Class UID (0002,0012) of what this library writes.</summary>
    public const string ImplementationClassUid = "2.25.226834519237415963085723109475018355201";

    /// <summary>Implementation Version Name (0002,0013).</summary>
    public const string ImplementationVersionName = "BONEMET_1";

    /// <summary>A file of a data set in a transfer syntax: the one its pixel data are coded in.</summary>
    public DicomFile(DicomDataset dataset, DicomTransferSyntax? syntax = null) : this(new DicomDataset(), dataset, syntax ?? DicomTransferSyntax.ExplicitVRLittleEndian, null, null, false) { }

    private DicomFile(DicomDataset meta, DicomDataset dataset, DicomTransferSyntax syntax, string? path, DicomFileException? fault, bool hasPreamble) =>
        (FileMetaInfo, Dataset, TransferSyntax, Path, Fault, HasPreamble) = (meta, dataset, syntax, path, fault, hasPreamble);

    /// <summary>Group 0002 as it was read; completed when written.</summary>
    public DicomDataset FileMetaInfo { get; }

    public DicomDataset Dataset { get; }

    /// <summary>How data set and pixels are really encoded; differs from what the meta information claims when that is wrong or missing.</summary>
    public DicomTransferSyntax TransferSyntax { get; }

    /// <summary>Where the file was read from, or null.</summary>
    public string? Path { get; }

    /// <summary>What is wrong with a file that could be read nevertheless, or null: pixel data cut short, or with <see cref="DicomReadOptions.KeepReadable"/> any fault of structure.</summary>
    public DicomFileException? Fault { get; }

    /// <summary>False for a file that began without the 128 bytes and "DICM".</summary>
    public bool HasPreamble { get; }

    /// <summary>Reads a file; values beyond <see cref="DicomReadOptions.LargeValueLength"/> stay on disk, and the file must stay unchanged while they may be asked for.</summary>
    /// <exception cref="DicomFileException">Not DICOM, or damaged: the reason and the byte offset.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static DicomFile Open(string path, DicomReadOptions? options = null)
    {
        using var handle = File.OpenHandle(path);
        var length = RandomAccess.GetLength(handle);
        return Read(handle, new DicomSource(path, length), length, path, options ?? DicomReadOptions.Default);
    }

    /// <summary>As <see cref="Open(string, DicomReadOptions?)"/>, off the calling thread.</summary>
    public static Task<DicomFile> OpenAsync(string path, DicomReadOptions? options = null, CancellationToken cancellation = default) => Task.Run(() => Open(path, options), cancellation);

    /// <summary>Reads a stream from its position. A file stream is read lazily and must stay open while large values may be asked for; another is read to its end.</summary>
    public static DicomFile Open(Stream stream, DicomReadOptions? options = null)
    {
        if (stream is FileStream file && file.Position == 0)
        {
            return Read(file.SafeFileHandle, new DicomSource(file.SafeFileHandle, file.Length), file.Length, null, options ?? DicomReadOptions.Default);
        }
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Open(memory.GetBuffer(), (int)memory.Length, options ?? DicomReadOptions.Default);
    }

    /// <summary>Reads from memory, which must not change afterwards.</summary>
    public static DicomFile Open(byte[] data, DicomReadOptions? options = null) => Open(data, data.Length, options ?? DicomReadOptions.Default);

    /// <summary>Reads from the start of an array, which must not change while the file is in use.</summary>
    public static DicomFile Open(ArraySegment<byte> data, DicomReadOptions? options = null) =>
        data.Offset == 0 ? Open(data.Array ?? [], data.Count, options ?? DicomReadOptions.Default) : Open(data.ToArray(), options);

    /// <summary>True when the bytes at the start of a file make it a DICOM file or a plausible bare data set.</summary>
    public static bool IsDicom(string path)
    {
        try
        {
            _ = Open(path, new DicomReadOptions { StopBefore = DicomTag.SOPClassUID });
            return true;
        }
        catch (DicomFileException)
        {
            return false;
        }
    }

    /// <summary>Writes the file with the given or its own transfer syntax. Pixel data are not transcoded: see <see cref="DicomPixelData"/>.</summary>
    /// <exception cref="DicomException">Changing the syntax would need pixel data to be coded anew.</exception>
    public void Save(Stream output, DicomTransferSyntax? syntax = null)
    {
        syntax ??= TransferSyntax;
        if (syntax != TransferSyntax && (syntax.Pixels != TransferSyntax.Pixels) && Dataset.Find(DicomTag.PixelData) is not null)
        {
            throw new DicomException($"pixel data are coded as {TransferSyntax.Name}; writing them as {syntax.Name} needs decoding first.");
        }
        output.Write(new byte[128]);
        output.Write("DICM"u8);
        WriteMeta(output, syntax);
        Dataset.Write(output, syntax);
    }

    /// <summary>The file as <see cref="Save(Stream, DicomTransferSyntax?)"/> writes it, without copying long pixel values.</summary>
    public DicomEncoding Encode()
    {
        using var pieces = new PiecesWriter();
        Save(pieces);
        return pieces.Complete();
    }

    /// <summary>Writes to a new file beside the path, flushed to disk, then renamed over it.</summary>
    public void Save(string path, DicomTransferSyntax? syntax = null)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024))
            {
                Save(stream, syntax);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Task SaveAsync(string path, DicomTransferSyntax? syntax = null, CancellationToken cancellation = default) => Task.Run(() => Save(path, syntax), cancellation);

    /// <summary>Writes group 0002 for a data set: completed, with its length.</summary>
    private void WriteMeta(Stream output, DicomTransferSyntax syntax)
    {
        var meta = FileMetaInfo.Clone();
        meta.Remove(item => item.Tag.Group != 2);
        meta.Remove(DicomTag.FileMetaInformationGroupLength);
        meta.AddOrUpdate(new DicomElement(DicomTag.FileMetaInformationVersion, DicomVR.OB, [0, 1]));
        if (Dataset.TryGetString(DicomTag.SOPClassUID, out var sopClass)) { meta.AddOrUpdate(DicomTag.MediaStorageSOPClassUID, sopClass); }
        if (Dataset.TryGetString(DicomTag.SOPInstanceUID, out var instance)) { meta.AddOrUpdate(DicomTag.MediaStorageSOPInstanceUID, instance); }
        meta.AddOrUpdate(DicomTag.TransferSyntaxUID, syntax.UID.UID);
        meta.AddOrUpdate(DicomTag.ImplementationClassUID, ImplementationClassUid);
        meta.AddOrUpdate(DicomTag.ImplementationVersionName, ImplementationVersionName);
        using var body = new MemoryStream();
        meta.Write(body, DicomTransferSyntax.ExplicitVRLittleEndian);
        var length = new DicomDataset().AddOrUpdate(DicomTag.FileMetaInformationGroupLength, (uint)body.Length);
        length.Write(output, DicomTransferSyntax.ExplicitVRLittleEndian);
        output.Write(body.GetBuffer(), 0, (int)body.Length);
    }

    internal static DicomDataset ReadBare(byte[] data, DicomTransferSyntax syntax, DicomReadOptions options)
    {
        if (syntax.IsDeflated)
        {
            using var inner = new DicomReader(data, 0, data.Length, false, options);
            return ReadDeflated(inner, new MemoryStream(data, writable: false), options).Dataset;
        }
        using var reader = new DicomReader(data, 0, data.Length, syntax.IsBigEndian, options);
        return reader.ReadDataset(syntax.IsExplicitVR, syntax.IsBigEndian);
    }

    /// <summary>Reads the first <paramref name="length"/> bytes, which must not change while the file is in use.</summary>
    internal static DicomFile Open(byte[] data, int length, DicomReadOptions options)
    {
        using var reader = new DicomReader(data, 0, length, false, options);
        return Read(reader, at => new MemoryStream(data, (int)at, length - (int)at, writable: false), bigEndianAt => new DicomReader(data, (int)bigEndianAt, length - (int)bigEndianAt, true, options), null, options);
    }

    private static DicomFile Read(SafeFileHandle handle, DicomSource source, long length, string? path, DicomReadOptions options)
    {
        using var reader = new DicomReader(handle, source, length, options);
        return Read(reader, at => source.OpenRange(at, length - at), null, path, options);
    }

    private static DicomFile Read(DicomReader reader, Func<long, Stream> openAt, Func<long, DicomReader>? bigEndianReader, string? path, DicomReadOptions options)
    {
        if (reader.Length == 0) { throw new DicomFileException("the file is empty", 0); }
        var (start, hasPreamble) = DicomRecognition.FindStart(reader);
        reader.MoveTo(start);
        var meta = new DicomDataset();
        var declared = (DicomTransferSyntax?)null;
        var ahead = reader.Peek(8);
        if (ahead.Length >= 8 && BinaryPrimitives.ReadUInt16LittleEndian(ahead) == 2)
        {
            meta = reader.ReadDataset(explicitVr: DicomVR.FromLetters(ahead[4], ahead[5]) is not null, bigEndian: false, onlyGroup: 2);
            if (reader.Fault is not null) { return new DicomFile(meta, new DicomDataset(), DicomTransferSyntax.ExplicitVRLittleEndian, path, reader.Fault, hasPreamble); }
            if (reader.TryGetText(meta, DicomTag.TransferSyntaxUID, out var uid)) { declared = DicomTransferSyntax.Lookup(uid); }
        }
        if (declared is { IsDeflated: true })
        {
            using var stream = openAt(reader.Position);
            var (dataset, fault) = ReadDeflated(reader, stream, options);
            return new DicomFile(meta, dataset, declared, path, fault, hasPreamble);
        }
        var syntax = DicomRecognition.Encoding(reader, declared);
        if (syntax.IsBigEndian && bigEndianReader is not null)
        {
            using var swapping = bigEndianReader(reader.Position);
            var swapped = swapping.ReadDataset(syntax.IsExplicitVR, bigEndian: true);
            swapping.Dispose();
            return new DicomFile(meta, LittleEndianPixels(swapped), syntax, path, swapping.Fault, hasPreamble);
        }
        var content = reader.ReadDataset(syntax.IsExplicitVR, syntax.IsBigEndian);
        reader.Dispose();
        return new DicomFile(meta, syntax.IsBigEndian ? LittleEndianPixels(content) : content, syntax, path, reader.Fault, hasPreamble);
    }

    /// <summary>Pixel samples of 32 bits are words of four bytes although their VR is OW: big endian ones are reversed as such.</summary>
    private static DicomDataset LittleEndianPixels(DicomDataset dataset)
    {
        var size = PixelWordSize(dataset);
        if (size > 2 && dataset.TryGetElement(DicomTag.PixelData, out var pixels) && pixels.VR == DicomVR.OW) { dataset.AddOrUpdate(pixels.Reswapped(2, size)); }
        return dataset;
    }

    internal static int PixelWordSize(DicomDataset dataset) => dataset.GetSingleValueOrDefault(DicomTag.BitsAllocated, 16) switch { 32 => 4, 64 => 8, _ => 2 };

    /// <summary>Inflates into memory while small, else into a temporary file that vanishes with the data set.</summary>
    private static (DicomDataset Dataset, DicomFileException? Fault) ReadDeflated(DicomReader outer, Stream compressed, DicomReadOptions options)
    {
        var limit = options.MaxInflatedLength ?? ((256L << 20) + (100 * compressed.Length));
        var at = outer.Position;
        var zlib = outer.Peek(2) is [0x78, 0x01 or 0x5E or 0x9C or 0xDA];
        using Stream inflate = zlib ? new ZLibStream(compressed, CompressionMode.Decompress, leaveOpen: true) : new DeflateStream(compressed, CompressionMode.Decompress, leaveOpen: true);
        var memory = new MemoryStream();
        FileStream? spill = null;
        DicomFileException? fault = null;
        var chunk = new byte[64 * 1024];
        var total = 0L;
        try
        {
            int read;
            while ((read = inflate.Read(chunk)) > 0)
            {
                total += read;
                if (total > limit) { throw new DicomFileException($"the deflated data set grows beyond {limit} bytes", at); }
                if (spill is null && total > InflateInMemory)
                {
                    spill = new FileStream(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"bonemet-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
                    memory.WriteTo(spill);
                    memory = new MemoryStream();
                }
                ((Stream?)spill ?? memory).Write(chunk, 0, read);
            }
        }
        catch (InvalidDataException broken)
        {
            spill?.Dispose();
            spill = null;
            fault = new DicomFileException($"the deflated data set is damaged after {total} bytes: {broken.Message}", at);
            if (!options.KeepReadable) { throw fault; }
        }
        catch (DicomFileException)
        {
            spill?.Dispose();
            throw;
        }
        if (spill is null)
        {
            using var reader = new DicomReader(memory.GetBuffer(), 0, (int)memory.Length, false, options);
            var dataset = reader.ReadDataset(explicitVr: true, bigEndian: false);
            return (dataset, fault ?? reader.Fault);
        }
        spill.Flush();
        using var fileReader = new DicomReader(spill.SafeFileHandle, new DicomSource(spill.SafeFileHandle, total), total, options);
        return (fileReader.ReadDataset(explicitVr: true, bigEndian: false), fileReader.Fault);
    }
}
