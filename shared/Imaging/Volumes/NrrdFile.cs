using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace BoneMet.Imaging.Volumes;

/// <summary>
/// Volumes and masks as NRRD files (teem.sourceforge.net/nrrd/format.html): attached data, three axes, raw or gzip, in one of the spaces LPS, RAS and LAS
/// (read; turned into LPS) or LPS (written). What is written is the same bytes for the same input.
/// </summary>
/// <remarks>Reading is strict and bounded: a header beyond 64 KiB, more than <see cref="Grid.MaxVoxels"/> voxels, missing geometry, detached data, too few or
/// too many bytes are each refused by name, and memory grows only with the bytes that really arrive.</remarks>
public static class NrrdFile
{
    private const int MaxHeader = 1 << 16;

    public static void Write(Stream stream, Volume volume, NrrdEncoding encoding = NrrdEncoding.Gzip)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(volume);
        var bytes = volume.Type == VoxelType.Shorts ? MemoryMarshal.AsBytes(volume.Shorts) : MemoryMarshal.AsBytes(volume.Floats);
        Write(stream, volume.Grid, volume.Type == VoxelType.Shorts ? "int16" : "float", volume.Type == VoxelType.Shorts ? 2 : 4, bytes, encoding);
    }

    public static void Write(Stream stream, Mask mask, NrrdEncoding encoding = NrrdEncoding.Gzip)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(mask);
        Write(stream, mask.Grid, "uint8", 1, mask.Voxels, encoding);
    }

    /// <summary>Reads a volume. 8- and 16-bit signed and 8-bit unsigned integers become short, all else float.</summary>
    /// <exception cref="VolumeException">The file is not a NRRD that this platform can use; the message says why.</exception>
    public static Volume ReadVolume(Stream stream, long maxVoxels = Grid.MaxVoxels)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = ReadHeader(stream, maxVoxels);
        var bytes = ReadVoxels(stream, header);
        return header.Type switch
        {
            "int8" => new(header.Grid, Array.ConvertAll(bytes, value => (short)(sbyte)value)),
            "uint8" => new(header.Grid, Array.ConvertAll(bytes, value => (short)value)),
            "int16" => new(header.Grid, Convert(bytes, 2, BinaryPrimitives.ReadInt16LittleEndian)),
            "uint16" => new(header.Grid, Convert(bytes, 2, value => (float)BinaryPrimitives.ReadUInt16LittleEndian(value))),
            "int32" => new(header.Grid, Convert(bytes, 4, value => (float)BinaryPrimitives.ReadInt32LittleEndian(value))),
            "uint32" => new(header.Grid, Convert(bytes, 4, value => (float)BinaryPrimitives.ReadUInt32LittleEndian(value))),
            "float" => new(header.Grid, Convert(bytes, 4, BinaryPrimitives.ReadSingleLittleEndian)),
            _ => new Volume(header.Grid, Convert(bytes, 8, value => (float)BinaryPrimitives.ReadDoubleLittleEndian(value))),
        };
    }

    /// <summary>Reads a mask: any integer type, everything but 0 is inside.</summary>
    /// <exception cref="VolumeException">The file is not a NRRD mask that this platform can use; the message says why.</exception>
    public static Mask ReadMask(Stream stream, long maxVoxels = Grid.MaxVoxels)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = ReadHeader(stream, maxVoxels);
        if (header.Type is "float" or "double") { throw new VolumeException($"NRRD: a mask has whole numbers, not type {header.Type}"); }
        var bytes = ReadVoxels(stream, header);
        if (header.Size == 1) { return new(header.Grid, bytes); }
        var voxels = new byte[header.Grid.Count];
        for (var n = 0; n < voxels.Length; n++) { voxels[n] = bytes.AsSpan(n * header.Size, header.Size).ContainsAnyExcept((byte)0) ? (byte)1 : (byte)0; }
        return new(header.Grid, voxels);
    }

    private sealed record Header(Grid Grid, string Type, int Size, bool BigEndian, NrrdEncoding Encoding);

    private static void Write(Stream stream, Grid grid, string type, int size, ReadOnlySpan<byte> voxels, NrrdEncoding encoding)
    {
        if (!BitConverter.IsLittleEndian) { throw new PlatformNotSupportedException("voxels are written from memory, which must be little endian"); }
        var (i, j, k) = (grid.AxisI * grid.Spacing.X, grid.AxisJ * grid.Spacing.Y, grid.AxisK * grid.Spacing.Z);
        var header = new StringBuilder("NRRD0004\n# written by BoneMetPlatform\n")
            .Append(CultureInfo.InvariantCulture, $"type: {type}\ndimension: 3\nspace: left-posterior-superior\nsizes: {grid.SizeI} {grid.SizeJ} {grid.SizeK}\n")
            .Append(CultureInfo.InvariantCulture, $"space directions: {Vector(i)} {Vector(j)} {Vector(k)}\nkinds: domain domain domain\n")
            .Append(size > 1 ? "endian: little\n" : "")
            .Append(CultureInfo.InvariantCulture, $"encoding: {(encoding == NrrdEncoding.Gzip ? "gzip" : "raw")}\nspace origin: {Vector(grid.Origin)}\n\n");
        stream.Write(Encoding.ASCII.GetBytes(header.ToString()));
        if (encoding == NrrdEncoding.Raw)
        {
            stream.Write(voxels);
            return;
        }
        using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(voxels);
    }

    private static string Vector(Point3 v) => string.Create(CultureInfo.InvariantCulture, $"({v.X:R},{v.Y:R},{v.Z:R})");

    private static Header ReadHeader(Stream stream, long maxVoxels)
    {
        var fields = ReadFields(stream);
        string Field(string name) => fields.TryGetValue(name, out var value) ? value : throw new VolumeException($"NRRD: the field '{name}' is missing");

        if (fields.ContainsKey("data file") || fields.ContainsKey("datafile")) { throw new VolumeException("NRRD: the voxels must be in the same file; detached data is not read"); }
        if (Field("dimension") != "3") { throw new VolumeException($"NRRD: dimension {Quote(Field("dimension"))} is not 3"); }
        foreach (var skip in (string[])["line skip", "lineskip", "byte skip", "byteskip"])
        {
            if (fields.TryGetValue(skip, out var value) && value != "0") { throw new VolumeException($"NRRD: '{skip}' other than 0 is not read"); }
        }

        var (type, size) = VoxelTypeOf(Field("type"));
        var encoding = Field("encoding").ToLowerInvariant() switch
        {
            "raw" => NrrdEncoding.Raw,
            "gzip" or "gz" => NrrdEncoding.Gzip,
            var other => throw new VolumeException($"NRRD: encoding {Quote(other)} is not read (raw or gzip are)"),
        };
        var endian = size == 1 ? "little" : Field("endian").ToLowerInvariant();
        if (endian is not ("little" or "big")) { throw new VolumeException($"NRRD: endian {Quote(endian)} is neither little nor big"); }
        return new(GridOf(fields, Field, maxVoxels), type, size, endian == "big", encoding);
    }

    private static Grid GridOf(Dictionary<string, string> fields, Func<string, string> field, long maxVoxels)
    {
        var sizes = new int[3];
        var words = field("sizes").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 3) { throw new VolumeException($"NRRD: 'sizes' has {words.Length} entries, not 3"); }
        for (var axis = 0; axis < 3; axis++)
        {
            if (!int.TryParse(words[axis], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[axis]) || sizes[axis] < 1) { throw new VolumeException($"NRRD: size {Quote(words[axis])} is not a positive whole number"); }
        }
        if ((Int128)sizes[0] * sizes[1] * sizes[2] > maxVoxels) { throw new VolumeException($"NRRD: {sizes[0]} x {sizes[1]} x {sizes[2]} voxels are beyond the limit of {maxVoxels}"); }
        var (flipX, flipY) = field("space").ToLowerInvariant() switch
        {
            "left-posterior-superior" or "lps" => (1.0, 1.0),
            "right-anterior-superior" or "ras" => (-1.0, -1.0),
            "left-anterior-superior" or "las" => (1.0, -1.0),
            var other => throw new VolumeException($"NRRD: space {Quote(other)} is not one of LPS, RAS, LAS"),
        };
        var directions = Vectors(field("space directions"), "space directions", 3);
        var origin = Vectors(field("space origin"), "space origin", 1)[0];
        Point3 Lps(Point3 v) => new(v.X * flipX, v.Y * flipY, v.Z);
        var axes = Array.ConvertAll(directions, Lps);
        var lengths = Array.ConvertAll(axes, axis => axis.Length());
        if (lengths.Any(length => !(length > 1e-6 && length < 1e6))) { throw new VolumeException("NRRD: a space direction has no usable length"); }
        return new(sizes[0], sizes[1], sizes[2], new(lengths[0], lengths[1], lengths[2]), Lps(origin), axes[0] * (1 / lengths[0]), axes[1] * (1 / lengths[1]), axes[2] * (1 / lengths[2]));
    }

    private static Point3[] Vectors(string text, string name, int count)
    {
        var parts = text.Split(['(', ')'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length != count) { throw new VolumeException($"NRRD: '{name}' has {parts.Length} vectors, not {count}"); }
        return Array.ConvertAll(parts, part =>
        {
            var words = part.Split(',', StringSplitOptions.TrimEntries);
            Span<double> values = stackalloc double[3];
            if (words.Length != 3) { throw new VolumeException($"NRRD: the vector {Quote(part)} in '{name}' does not have 3 components"); }
            for (var n = 0; n < 3; n++)
            {
                if (!double.TryParse(words[n], NumberStyles.Float, CultureInfo.InvariantCulture, out values[n]) || !double.IsFinite(values[n])) { throw new VolumeException($"NRRD: {Quote(words[n])} in '{name}' is not a number"); }
            }
            return new Point3(values[0], values[1], values[2]);
        });
    }

    private static (string Type, int Size) VoxelTypeOf(string text) => text.ToLowerInvariant() switch
    {
        "signed char" or "int8" or "int8_t" => ("int8", 1),
        "uchar" or "unsigned char" or "uint8" or "uint8_t" => ("uint8", 1),
        "short" or "short int" or "signed short" or "signed short int" or "int16" or "int16_t" => ("int16", 2),
        "ushort" or "unsigned short" or "unsigned short int" or "uint16" or "uint16_t" => ("uint16", 2),
        "int" or "signed int" or "int32" or "int32_t" => ("int32", 4),
        "uint" or "unsigned int" or "uint32" or "uint32_t" => ("uint32", 4),
        "float" => ("float", 4),
        "double" => ("double", 8),
        _ => throw new VolumeException($"NRRD: voxel type {Quote(text)} is not read"),
    };

    private static Dictionary<string, string> ReadFields(Stream stream)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var left = MaxHeader;
        var magic = ReadLine(stream, ref left);
        if (magic is not { Length: 8 } || !magic.StartsWith("NRRD000", StringComparison.Ordinal) || magic[7] is < '1' or > '5') { throw new VolumeException("this is not a NRRD file: it does not begin with NRRD0001 to NRRD0005"); }
        while (true)
        {
            var line = ReadLine(stream, ref left) ?? throw new VolumeException("NRRD: the file ends inside its header");
            if (line.Length == 0) { return fields; }
            if (line[0] == '#') { continue; }
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1) { throw new VolumeException($"NRRD: the header line {Quote(line)} is not 'field: value'"); }
            if (colon + 1 < line.Length && line[colon + 1] == '=') { continue; }
            if (!fields.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim())) { throw new VolumeException($"NRRD: the field {Quote(line[..colon])} stands twice"); }
        }
    }

    private static string? ReadLine(Stream stream, ref int left)
    {
        var line = new StringBuilder();
        while (true)
        {
            var value = stream.ReadByte();
            if (value < 0) { return line.Length == 0 ? null : throw new VolumeException("NRRD: the file ends inside its header"); }
            if (--left < 0) { throw new VolumeException($"NRRD: the header is longer than {MaxHeader} bytes"); }
            if (value == '\n') { return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString(); }
            line.Append((char)value);
        }
    }

    private static byte[] ReadVoxels(Stream stream, Header header)
    {
        var needed = (long)header.Grid.Count * header.Size;
        if (needed > Array.MaxLength) { throw new VolumeException($"NRRD: {needed} bytes of voxels are beyond the limit of {Array.MaxLength}"); }
        byte[] bytes;
        if (header.Encoding == NrrdEncoding.Raw) { bytes = ReadExactly(stream, (int)needed); }
        else
        {
            using var gzip = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            try { bytes = ReadExactly(gzip, (int)needed); }
            catch (InvalidDataException failure) { throw new VolumeException("NRRD: the gzip data is damaged", failure); }
        }
        if (header.BigEndian && header.Size > 1)
        {
            for (var n = 0; n < bytes.Length; n += header.Size) { bytes.AsSpan(n, header.Size).Reverse(); }
        }
        return bytes;
    }

    /// <summary>The buffer grows with what arrives, so that a header's claim alone takes no memory.</summary>
    private static byte[] ReadExactly(Stream stream, int needed)
    {
        var buffer = new byte[Math.Min(needed, 1 << 20)];
        var filled = 0;
        while (filled < needed)
        {
            if (filled == buffer.Length) { Array.Resize(ref buffer, (int)Math.Min(needed, 2L * buffer.Length)); }
            var read = stream.Read(buffer, filled, buffer.Length - filled);
            if (read == 0) { throw new VolumeException($"NRRD: the file ends after {filled} of {needed} bytes of voxels"); }
            filled += read;
        }
        if (stream.ReadByte() >= 0) { throw new VolumeException($"NRRD: more bytes follow than the {needed} that its sizes ask for"); }
        return buffer;
    }

    private delegate T Reader<T>(ReadOnlySpan<byte> value);

    private static T[] Convert<T>(byte[] bytes, int size, Reader<T> read)
    {
        var values = new T[bytes.Length / size];
        for (var n = 0; n < values.Length; n++) { values[n] = read(bytes.AsSpan(n * size, size)); }
        return values;
    }

    private static string Quote(string text) => $"'{(text.Length > 40 ? text[..40] + "…" : text)}'";
}
