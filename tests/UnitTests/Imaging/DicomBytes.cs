using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using BoneMet.Imaging.Volumes;

namespace BoneMet.UnitTests.Imaging;

/// <summary>
/// Decimal strings found in a little-endian DICOM file by the bytes of their tag. Independent of our DICOM library on purpose: the contour tests must not lean on it.
/// </summary>
internal static class DicomBytes
{
    public static List<double[]> Find(string path, ushort group, ushort element)
    {
        var bytes = File.ReadAllBytes(path);
        Span<byte> tag = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(tag, group);
        BinaryPrimitives.WriteUInt16LittleEndian(tag[2..], element);
        var found = new List<double[]>();
        for (var at = 0; ;)
        {
            var next = bytes.AsSpan(at).IndexOf(tag);
            if (next < 0) { return found; }
            at += next + 4;
            var (start, length) = bytes[at] == 'D' && bytes[at + 1] == 'S'
                ? (at + 4, BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 2)))
                : (at + 4, (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)));
            if (length <= 0 || start + length > bytes.Length) { continue; }
            var words = Encoding.ASCII.GetString(bytes, start, length).TrimEnd('\0', ' ').Split('\\');
            var values = new double[words.Length];
            var ok = true;
            for (var n = 0; n < words.Length; n++) { ok &= double.TryParse(words[n], NumberStyles.Float, CultureInfo.InvariantCulture, out values[n]); }
            if (ok) { found.Add(values); }
        }
    }

    public static List<Contour> Contours(string path) =>
        [.. Find(path, 0x3006, 0x0050).Select(data => new Contour([.. data.Chunk(3).Select(p => new Point3(p[0], p[1], p[2]))]))];

    /// <summary>The grid of an axial series from its files, as the ingestion builds it.</summary>
    public static Grid AxialGrid(string folder, int columns, int rows)
    {
        var files = Directory.GetFiles(folder);
        var origins = files.Select(file => Find(file, 0x0020, 0x0032)[0]).OrderBy(p => p[2]).ToArray();
        var spacing = Find(files[0], 0x0028, 0x0030)[0];
        var step = (origins[^1][2] - origins[0][2]) / (origins.Length - 1);
        return Grid.Aligned(columns, rows, origins.Length, new(spacing[1], spacing[0], step), new(origins[0][0], origins[0][1], origins[0][2]));
    }
}
