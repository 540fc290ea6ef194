using BoneMet.Dicom;
using BoneMet.Imaging.Volumes;

namespace BoneMet.DicomIngestion.Volumes;

/// <summary>One segment of a SEG object as a mask on a volume's grid: each voxel takes the value of the segmentation's voxel that its centre lies in.</summary>
internal static class SegmentMask
{
    private const double HalfProbability = 0.5;

    public static Mask Rasterize(DicomDataset dataset, DicomTransferSyntax syntax, int segment, Grid grid)
    {
        var frames = Frames(dataset, syntax, segment);
        if (frames.Count == 0) { throw new VolumeException("the segment has no frame with a position"); }
        var stack = SliceStack.Of(frames);
        var source = stack.Grid;
        var planes = new byte[stack.Slices.Count][];
        for (var n = 0; n < planes.Length; n++) { planes[n] = Plane(dataset, syntax, stack.Slices[n].Frame, source.SizeI * source.SizeJ); }
        // Frames without any of the segment may be left out of a SEG: only planes that are there count, so a plane is found by its index.
        var byIndex = new Dictionary<int, byte[]>();
        for (var n = 0; n < planes.Length; n++) { byIndex[(int)Math.Round(stack.Indices[n])] = planes[n]; }

        var voxels = new byte[grid.Count];
        var hit = false;
        for (var k = 0; k < grid.SizeK; k++)
        {
            for (var j = 0; j < grid.SizeJ; j++)
            {
                for (var i = 0; i < grid.SizeI; i++)
                {
                    var at = source.ToIndex(grid.ToWorld(i, j, k));
                    var (x, y, z) = ((int)Math.Round(at.X), (int)Math.Round(at.Y), (int)Math.Round(at.Z));
                    if (x < 0 || y < 0 || x >= source.SizeI || y >= source.SizeJ || !byIndex.TryGetValue(z, out var plane) || plane[x + (source.SizeI * y)] == 0) { continue; }
                    voxels[grid.Offset(i, j, k)] = 1;
                    hit = true;
                }
            }
        }
        return hit ? new Mask(grid, voxels) : throw new VolumeException("the segment covers no voxel centre of the volume");
    }

    private static List<SliceFrame> Frames(DicomDataset dataset, DicomTransferSyntax syntax, int segment)
    {
        var perFrame = dataset.Items(DicomTag.PerFrameFunctionalGroupsSequence);
        var shared = dataset.Items(DicomTag.SharedFunctionalGroupsSequence);
        return [.. SliceReader.Read(dataset, syntax).Where(slice => slice.Frame < perFrame.Count && NumberOf(perFrame[slice.Frame]) is { } own ? own == segment : shared.Count > 0 && NumberOf(shared[0]) == segment)];
    }

    private static int? NumberOf(DicomDataset groups) =>
        groups.Items(DicomTag.SegmentIdentificationSequence) is [var identification, ..] && identification.TryGetSingleValue<int>(DicomTag.ReferencedSegmentNumber, out var number) ? number : null;

    private static byte[] Plane(DicomDataset dataset, DicomTransferSyntax syntax, int frame, int size)
    {
        var plane = new byte[size];
        if (dataset.GetSingleValueOrDefault(DicomTag.BitsAllocated, 0) == 1 && dataset.Find(DicomTag.PixelData) is DicomElement)
        {
            if (dataset.Find(DicomTag.PixelData) is not DicomElement pixels) { throw new VolumeException("the segmentation is compressed"); }
            // Frames of single bits follow each other without padding (PS3.5 8.1.1): a frame may begin inside a byte.
            var first = (long)frame * size;
            var bytes = new byte[((first + size + 7) / 8) - (first / 8)];
            if ((first / 8) + bytes.Length > pixels.Length) { throw new VolumeException("the segmentation has fewer pixels than its header promises"); }
            pixels.Read(first / 8, bytes);
            var shift = (int)(first % 8);
            for (var n = 0; n < size; n++) { plane[n] = (byte)(bytes[(n + shift) / 8] >> ((n + shift) % 8) & 1); }
            return plane;
        }
        var values = new int[size];
        StoredPixels.Read(dataset, syntax, frame, values);
        var fractional = dataset.GetSingleValueOrDefault(DicomTag.SegmentationType, "") == "FRACTIONAL";
        var threshold = fractional ? dataset.GetSingleValueOrDefault(DicomTag.MaximumFractionalValue, 255) * HalfProbability : 1;
        for (var n = 0; n < size; n++) { plane[n] = values[n] >= threshold ? (byte)1 : (byte)0; }
        return plane;
    }
}
