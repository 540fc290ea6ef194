using System.Buffers.Binary;
using System.IO.Compression;
using BoneMet.Imaging.Volumes;

namespace BoneMet.UnitTests.Imaging;

/// <summary>Just enough of NIfTI-1 to read the reference masks and phantoms: gzip, little endian, uint8/int16/float32, qform without rotation or affine sform.</summary>
internal static class Nifti
{
    public static Volume Read(string path)
    {
        using var file = File.OpenRead(path);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var memory = new MemoryStream();
        gzip.CopyTo(memory);
        var bytes = memory.ToArray();
        short Int16(int offset) => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(offset));
        float Single(int offset) => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(offset));

        var (nx, ny, nz) = (Int16(42), Int16(44), Int16(46));
        var spacing = new Point3(Single(80), Single(84), Single(88));
        var start = (int)Single(108);
        Point3 origin, i, j, k;
        if (Int16(254) > 0)
        {
            Point3 Column(int c) => new(-Single(280 + (4 * c)), -Single(296 + (4 * c)), Single(312 + (4 * c)));
            (i, j, k, origin) = (Column(0), Column(1), Column(2), Column(3));
            (i, j, k) = (i * (1 / i.Length()), j * (1 / j.Length()), k * (1 / k.Length()));
        }
        else
        {
            // quaternion (b, c, d) = (0, 0, 1) turns x and y: RAS to LPS exactly
            if (Single(256) != 0 || Single(260) != 0 || Single(264) != 1) { throw new NotSupportedException("only the half turn about z is read"); }
            (i, j, k) = (new(1, 0, 0), new(0, 1, 0), new(0, 0, 1));
            origin = new(-Single(268), -Single(272), Single(276));
        }
        var voxels = new float[nx * ny * nz];
        for (var n = 0; n < voxels.Length; n++)
        {
            voxels[n] = Int16(70) switch
            {
                2 => bytes[start + n],
                4 => Int16(start + (2 * n)),
                8 => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(start + (4 * n))),
                16 => Single(start + (4 * n)),
                64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(start + (8 * n))),
                var other => throw new NotSupportedException($"NIfTI type {other}"),
            };
        }
        return new(new Grid(nx, ny, nz, spacing, origin, i, j, k), voxels);
    }

    public static Mask ReadMask(string path)
    {
        var volume = Read(path);
        var voxels = new byte[volume.Grid.Count];
        for (var n = 0; n < voxels.Length; n++) { voxels[n] = volume[n] != 0 ? (byte)1 : (byte)0; }
        return new(volume.Grid, voxels);
    }
}
