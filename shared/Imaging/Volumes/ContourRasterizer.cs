namespace BoneMet.Imaging.Volumes;

/// <summary>Contours of a region (RTSTRUCT, closed planar) to a mask on a volume's grid.</summary>
/// <remarks>
/// Rule: a voxel is inside when its centre is, by the even-odd rule with half-open edges (a centre on an edge belongs to the side that keeps every point of the
/// plane in exactly one of two regions that share the edge); several contours in one plane combine by exclusive or, so that an inner contour cuts a hole (DICOM
/// PS3.3 C.8.8.6.1); a contour drawn twice counts once. No voxel is added for touching the line. This reproduces the NIfTI masks that the IBSI made from the same
/// contours voxel for voxel. A contour plane goes to the nearest slice; when two planes claim one slice, the nearer wins.
/// </remarks>
public static class ContourRasterizer
{
    /// <summary>Points of one contour may lie this far apart along k, in slices.</summary>
    private const double PlaneTolerance = 0.25;

    /// <exception cref="VolumeException">There is no contour, one is not closed planar in a slice of the grid, or the region misses the grid altogether.</exception>
    public static Mask Rasterize(IReadOnlyList<Contour> contours, Grid grid)
    {
        ArgumentNullException.ThrowIfNull(contours);
        ArgumentNullException.ThrowIfNull(grid);
        if (contours.Count == 0) { throw new VolumeException("the region has no contour"); }

        var voxels = new byte[grid.Count];
        var hit = false;
        foreach (var (slice, polygons) in Slices(contours, grid))
        {
            foreach (var polygon in polygons) { hit |= Toggle(polygon, voxels.AsSpan(slice * grid.SizeI * grid.SizeJ, grid.SizeI * grid.SizeJ), grid.SizeI, grid.SizeJ); }
        }
        if (!hit) { throw new VolumeException("the region covers no voxel centre of the volume: it lies outside, or is thinner than a voxel"); }
        return new(grid, voxels);
    }

    /// <summary>For each slice of the grid the polygons of the nearest contour plane, in continuous (i, j).</summary>
    private static SortedDictionary<int, List<(double I, double J)[]>> Slices(IReadOnlyList<Contour> contours, Grid grid)
    {
        var planes = new Dictionary<int, (double Distance, List<(double I, double J)[]> Polygons)>();
        for (var n = 0; n < contours.Count; n++)
        {
            var points = contours[n].Points;
            if (points.Count < 3) { continue; }
            var polygon = new (double I, double J)[points.Count];
            var (low, high, sum) = (double.MaxValue, double.MinValue, 0.0);
            for (var p = 0; p < polygon.Length; p++)
            {
                if (!points[p].IsFinite()) { throw new VolumeException($"contour {n + 1} of the region has a coordinate that is not a number"); }
                var index = grid.ToIndex(points[p]);
                polygon[p] = (index.X, index.Y);
                (low, high) = (Math.Min(low, index.Z), Math.Max(high, index.Z));
                sum += index.Z;
            }
            if (high - low > PlaneTolerance) { throw new VolumeException($"contour {n + 1} of the region does not lie in a slice of the volume: it was drawn on another series or plane"); }

            var plane = sum / polygon.Length;
            if (plane < -0.5 || plane >= grid.SizeK - 0.5) { continue; }
            var slice = Math.Clamp((int)Math.Round(plane), 0, grid.SizeK - 1);
            var distance = Math.Abs(plane - slice);
            if (!planes.TryGetValue(slice, out var held) || distance < held.Distance - 1e-3) { planes[slice] = (distance, [polygon]); }
            else if (distance <= held.Distance + 1e-3 && !held.Polygons.Any(other => other.AsSpan().SequenceEqual(polygon))) { held.Polygons.Add(polygon); }
        }
        return new(planes.ToDictionary(plane => plane.Key, plane => plane.Value.Polygons));
    }

    /// <summary>Toggles every voxel whose centre has an odd number of edges to its right.</summary>
    private static bool Toggle((double I, double J)[] polygon, Span<byte> slice, int width, int height)
    {
        var hit = false;
        var crossings = new List<double>();
        var (low, high) = (polygon.Min(point => point.J), polygon.Max(point => point.J));
        var first = (int)Math.Clamp(Math.Ceiling(low), 0, height);
        var last = (int)Math.Clamp(Math.Floor(high), -1, height - 1);
        for (var j = first; j <= last; j++)
        {
            crossings.Clear();
            var before = polygon[^1];
            foreach (var point in polygon)
            {
                if ((before.J > j) != (point.J > j)) { crossings.Add(((point.I - before.I) * (j - before.J) / (point.J - before.J)) + before.I); }
                before = point;
            }
            crossings.Sort();
            for (var pair = 0; pair + 1 < crossings.Count; pair += 2)
            {
                // centre i lies left of exactly those crossings that are greater, so each pair covers [from, to)
                var from = (int)Math.Clamp(Math.Ceiling(crossings[pair]), 0, width);
                var to = (int)Math.Clamp(Math.Ceiling(crossings[pair + 1]), 0, width);
                for (var i = from; i < to; i++)
                {
                    slice[(j * width) + i] ^= 1;
                    hit = true;
                }
            }
        }
        return hit;
    }
}
