using BoneMet.Imaging.Volumes;

namespace BoneMet.Imaging.Radiomics;

/// <summary>Shape (IBSI family HCUG). The densities of the oriented box and of the enclosing ellipsoid, for which IBSI has no consensus value, are left out.</summary>
internal static class Morphology
{
    /// <summary>In the order of <see cref="FeatureTable.Morphology"/>.</summary>
    public static double[] Compute(Region region, RadiomicOptions options)
    {
        var mesh = SurfaceMesh.Of(region);
        var hull = ConvexHull.Of(mesh.Vertices, region);
        var shape = new List<int>();
        for (var n = 0; n < region.Shape.Length; n++)
        {
            if (region.Shape[n]) { shape.Add(n); }
        }
        var (v, a) = (mesh.Volume, mesh.Area);
        var cube = region.Spacing[0] * region.Spacing[1] * region.Spacing[2];
        var sphere = Math.Cbrt(36 * Math.PI * v * v);
        var (major, minor, least) = Axes(region, shape);
        var (boxVolume, boxArea) = Box(mesh, region);
        var ellipsoid = 4 / 3.0 * Math.PI * major * minor * least / 8;
        var (moran, geary) = Autocorrelation(region, options);
        return
        [
            v, shape.Count * cube, a, a / v, v / (Math.Sqrt(Math.PI) * Math.Pow(a, 1.5)), 36 * Math.PI * v * v / (a * a * a), a / sphere, sphere / a, Math.Cbrt(a * a * a / (36 * Math.PI * v * v)) - 1,
            CentreShift(region, shape), Diameter(hull), major, minor, least, Math.Sqrt(Ratio(minor * minor, major * major)), Math.Sqrt(Ratio(least * least, major * major)),
            v / boxVolume, a / boxArea, Ratio(v, ellipsoid), a / EllipsoidArea(major / 2, minor / 2, least / 2), v / hull.Volume, a / hull.Area,
            Mean(region) * v, moran, geary,
        ];
    }

    private static double Ratio(double a, double b) => b == 0 ? double.NaN : a / b;

    private static Point3 Centre(Region region, int voxel)
    {
        var (x, y, z) = region.Place(voxel);
        return new(x * region.Spacing[0], y * region.Spacing[1], z * region.Spacing[2]);
    }

    private static double Mean(Region region)
    {
        var sum = 0.0;
        foreach (var voxel in region.Voxels) { sum += region.Value[voxel]; }
        return sum / region.Voxels.Count;
    }

    private static double CentreShift(Region region, List<int> shape)
    {
        var (geometric, weighted, weight) = (default(Point3), default(Point3), 0.0);
        foreach (var voxel in shape) { geometric += Centre(region, voxel); }
        foreach (var voxel in region.Voxels)
        {
            weighted += Centre(region, voxel) * region.Value[voxel];
            weight += region.Value[voxel];
        }
        return weight == 0 ? double.NaN : ((geometric * (1.0 / shape.Count)) - (weighted * (1 / weight))).Length();
    }

    private static double Diameter(ConvexHull hull)
    {
        var longest = 0.0;
        for (var n = 0; n < hull.Corners.Count; n++)
        {
            for (var m = n + 1; m < hull.Corners.Count; m++) { longest = Math.Max(longest, (hull.Corners[n] - hull.Corners[m]).Length()); }
        }
        return longest;
    }

    private static (double Volume, double Area) Box(SurfaceMesh mesh, Region region)
    {
        var (low, high) = (new Point3(double.MaxValue, double.MaxValue, double.MaxValue), new Point3(double.MinValue, double.MinValue, double.MinValue));
        foreach (var vertex in mesh.Vertices)
        {
            var p = SurfaceMesh.Position(vertex, region);
            low = new(Math.Min(low.X, p.X), Math.Min(low.Y, p.Y), Math.Min(low.Z, p.Z));
            high = new(Math.Max(high.X, p.X), Math.Max(high.Y, p.Y), Math.Max(high.Z, p.Z));
        }
        var size = high - low;
        return (size.X * size.Y * size.Z, 2 * ((size.X * size.Y) + (size.Y * size.Z) + (size.Z * size.X)));
    }

    /// <summary>Lengths of the principal axes: 4 √λ of the sample covariance (n − 1) of the voxel centres.</summary>
    private static (double Major, double Minor, double Least) Axes(Region region, List<int> shape)
    {
        var mean = default(Point3);
        foreach (var voxel in shape) { mean += Centre(region, voxel); }
        mean *= 1.0 / shape.Count;
        var m = new double[3, 3];
        foreach (var voxel in shape)
        {
            var d = Centre(region, voxel) - mean;
            double[] parts = [d.X, d.Y, d.Z];
            for (var r = 0; r < 3; r++)
            {
                for (var c = 0; c < 3; c++) { m[r, c] += parts[r] * parts[c] / Math.Max(1, shape.Count - 1); }
            }
        }
        double[] values = Eigenvalues(m);
        return (4 * Math.Sqrt(Math.Max(0, values[2])), 4 * Math.Sqrt(Math.Max(0, values[1])), 4 * Math.Sqrt(Math.Max(0, values[0])));
    }

    /// <summary>Eigenvalues of a symmetric 3 x 3 matrix by Jacobi rotations, ascending.</summary>
    private static double[] Eigenvalues(double[,] m)
    {
        for (var sweep = 0; sweep < 50; sweep++)
        {
            foreach (var (p, q) in (ReadOnlySpan<(int, int)>)[(0, 1), (0, 2), (1, 2)])
            {
                if (Math.Abs(m[p, q]) < 1e-300) { continue; }
                var theta = (m[q, q] - m[p, p]) / (2 * m[p, q]);
                var t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
                var c = 1 / Math.Sqrt((t * t) + 1);
                var s = t * c;
                for (var k = 0; k < 3; k++) { (m[k, p], m[k, q]) = ((c * m[k, p]) - (s * m[k, q]), (s * m[k, p]) + (c * m[k, q])); }
                for (var k = 0; k < 3; k++) { (m[p, k], m[q, k]) = ((c * m[p, k]) - (s * m[q, k]), (s * m[p, k]) + (c * m[q, k])); }
            }
        }
        double[] values = [m[0, 0], m[1, 1], m[2, 2]];
        Array.Sort(values);
        return values;
    }

    /// <summary>Surface of an ellipsoid with semi-axes a ≥ b ≥ c by the Legendre series to degree 20 that IBSI gives for approximate enclosing ellipsoids.</summary>
    private static double EllipsoidArea(double a, double b, double c)
    {
        if (a == 0) { return double.NaN; }
        var (alpha2, beta2) = (1 - (b * b / (a * a)), 1 - (c * c / (a * a)));
        // q(n) = (αβ)ⁿ Pₙ((α² + β²) / (2αβ)), by its own recurrence, which stays finite where α or β is 0
        var (half, product) = ((alpha2 + beta2) / 2, alpha2 * beta2);
        var (before, now, sum) = (1.0, half, 1 + (half / -3));
        for (var n = 2; n <= 20; n++)
        {
            (before, now) = (now, ((((2 * n) - 1) * half * now) - ((n - 1) * product * before)) / n);
            sum += now / (1 - (4.0 * n * n));
        }
        return 4 * Math.PI * a * b * sum;
    }

    /// <summary>Moran's I and Geary's C with the inverse distance as weight; all pairs, so not beyond a limit.</summary>
    private static (double Moran, double Geary) Autocorrelation(Region region, RadiomicOptions options)
    {
        var n = region.Voxels.Count;
        if (n < 2 || n > options.MaxPairVoxels) { return (double.NaN, double.NaN); }
        var (mean, variance) = (Mean(region), 0.0);
        var (places, values) = (new Point3[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            (places[i], values[i]) = (Centre(region, region.Voxels[i]), region.Value[region.Voxels[i]] - mean);
            variance += values[i] * values[i];
        }
        var (weights, products, squares) = (0.0, 0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
            {
                var weight = 2 / (places[i] - places[j]).Length();
                weights += weight;
                products += weight * values[i] * values[j];
                squares += weight * (values[i] - values[j]) * (values[i] - values[j]);
            }
        }
        return variance == 0 ? (double.NaN, double.NaN) : (n / weights * products / variance, (n - 1) / (2 * weights) * squares / variance);
    }
}
