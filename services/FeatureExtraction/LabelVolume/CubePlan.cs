using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.Imaging.Volumes;

namespace BoneMet.FeatureExtraction.LabelVolume;

/// <summary>Which cubes of a volume an encoder reads: one around the lesion, or a bag that covers the body when nobody says where it is.</summary>
internal static class CubePlan
{
    /// <summary>CT values above this belong to the body rather than to the air around it, HU.</summary>
    private const float Body = -300;

    /// <summary>A cube with less of the body than this says nothing.</summary>
    private const double LeastBody = 0.10;

    /// <summary>Points per axis at which a cube is probed for body.</summary>
    private const int Probes = 8;

    /// <exception cref="InvalidInputException">The mask is empty, or the lesion is outside the volume.</exception>
    public static IReadOnlyList<Point3> Centres(VolumeInput input, EncoderInput contract, int limit)
    {
        if (input.Mask is { } mask) { return [Inside(input, mask.Centroid() ?? throw new InvalidInputException("empty-lesion-mask", "The lesion mask holds no voxel."), "The lesion mask")]; }
        if (input.Seed is { } seed) { return [Inside(input, seed, "The seed point")]; }

        var all = Covering(input.Volume.Grid, contract.Size * contract.SpacingMm);
        if (input.Modality == "CT")
        {
            var body = all.Where(centre => BodyFraction(input.Volume, centre, contract) >= LeastBody).ToList();
            if (body.Count > 0) { all = body; }
        }
        return EvenSample(all, limit);
    }

    /// <summary>Centres of cubes of this edge (mm) that cover the grid's bounding box in LPS without gaps, in the order of S, P, L.</summary>
    internal static List<Point3> Covering(Grid grid, double edgeMm)
    {
        var (low, high) = BoundingBox(grid);
        var (x, y, z) = (Steps(low.X, high.X, edgeMm), Steps(low.Y, high.Y, edgeMm), Steps(low.Z, high.Z, edgeMm));
        var centres = new List<Point3>(x.Length * y.Length * z.Length);
        foreach (var c in z)
        {
            foreach (var b in y)
            {
                foreach (var a in x) { centres.Add(new(a, b, c)); }
            }
        }
        return centres;
    }

    /// <summary>At most <paramref name="limit"/> of them, evenly spread, in their order.</summary>
    internal static IReadOnlyList<Point3> EvenSample(List<Point3> all, int limit)
    {
        if (all.Count <= limit) { return all; }
        var sample = new List<Point3>(limit);
        for (var i = 0; i < limit; i++) { sample.Add(all[(int)((((2L * i) + 1) * all.Count) / (2L * limit))]); }
        return sample;
    }

    private static Point3 Inside(VolumeInput input, Point3 centre, string what) =>
        input.Volume.Grid.Contains(centre) ? centre : throw new InvalidInputException("no-lesion-region", $"{what} lies outside the images.");

    private static (Point3 Low, Point3 High) BoundingBox(Grid grid)
    {
        var (low, high) = (new Point3(double.MaxValue, double.MaxValue, double.MaxValue), new Point3(double.MinValue, double.MinValue, double.MinValue));
        for (var corner = 0; corner < 8; corner++)
        {
            var p = grid.ToWorld(
                (corner & 1) == 0 ? -0.5 : grid.SizeI - 0.5, (corner & 2) == 0 ? -0.5 : grid.SizeJ - 0.5, (corner & 4) == 0 ? -0.5 : grid.SizeK - 0.5);
            low = new(Math.Min(low.X, p.X), Math.Min(low.Y, p.Y), Math.Min(low.Z, p.Z));
            high = new(Math.Max(high.X, p.X), Math.Max(high.Y, p.Y), Math.Max(high.Z, p.Z));
        }
        return (low, high);
    }

    /// <summary>Evenly spaced centres of the fewest intervals of this length that cover low to high.</summary>
    private static double[] Steps(double low, double high, double length)
    {
        var count = Math.Max(1, (int)Math.Ceiling(((high - low) / length) - 1e-9));
        var centres = new double[count];
        var slack = Math.Max(0, high - low - length);
        for (var i = 0; i < count; i++) { centres[i] = count == 1 ? (low + high) / 2 : low + (length / 2) + (slack * i / (count - 1)); }
        return centres;
    }

    private static double BodyFraction(Volume volume, Point3 centre, EncoderInput contract)
    {
        var (grid, step, inside) = (volume.Grid, contract.Size * contract.SpacingMm / Probes, 0);
        for (var probe = 0; probe < Probes * Probes * Probes; probe++)
        {
            var (a, b, c) = (probe % Probes, probe / Probes % Probes, probe / (Probes * Probes));
            var half = (Probes - 1) / 2.0;
            var index = grid.ToIndex(centre + new Point3((a - half) * step, (b - half) * step, (c - half) * step));
            var (i, j, k) = ((int)Math.Round(index.X), (int)Math.Round(index.Y), (int)Math.Round(index.Z));
            if (i < 0 || j < 0 || k < 0 || i >= grid.SizeI || j >= grid.SizeJ || k >= grid.SizeK) { continue; }
            if (volume[i, j, k] > Body) { inside++; }
        }
        return inside / (double)(Probes * Probes * Probes);
    }
}
