using BoneMet.Imaging.Volumes;

namespace BoneMet.Imaging.Radiomics;

/// <summary>
/// Convex hull of points on a half-voxel lattice, built point by point. Each point is moved by at most a ten-thousandth of a voxel, by a fixed rule, so that no four lie in a plane and the
/// textbook algorithm needs no special cases; volume and area change by less than 0.1 %.
/// </summary>
internal sealed class ConvexHull
{
    private const double Shift = 1e-4;

    private ConvexHull(double volume, double area, List<Point3> corners) => (Volume, Area, Corners) = (volume, area, corners);

    /// <summary>mm³.</summary>
    public double Volume { get; }

    /// <summary>mm².</summary>
    public double Area { get; }

    /// <summary>Corners in mm.</summary>
    public List<Point3> Corners { get; }

    public static ConvexHull Of(HashSet<(int X, int Y, int Z)> lattice, Region region)
    {
        // on each line along x only the two outermost points can be corners
        var points = lattice.GroupBy(p => (p.Y, p.Z)).OrderBy(line => line.Key)
            .SelectMany(line => new[] { line.Min(p => p.X), line.Max(p => p.X) }.Distinct().Select(x => (X: x, line.Key.Y, line.Key.Z)))
            .Select(p => Moved(p, region)).ToArray();
        var faces = Start(points);
        var open = new HashSet<(int From, int To)>();
        for (var n = 0; n < points.Length; n++)
        {
            open.Clear();
            for (var f = faces.Count - 1; f >= 0; f--)
            {
                var (a, b, c) = faces[f];
                if (a == n || b == n || c == n || Height(points, faces[f], points[n]) <= 1e-12) { continue; }
                foreach (var edge in (ReadOnlySpan<(int From, int To)>)[(a, b), (b, c), (c, a)])
                {
                    if (!open.Remove((edge.To, edge.From))) { open.Add(edge); }
                }
                faces[f] = faces[^1];
                faces.RemoveAt(faces.Count - 1);
            }
            foreach (var (from, to) in open) { faces.Add((from, to, n)); }
        }

        var (volume, area, corners) = (0.0, 0.0, new SortedSet<int>());
        foreach (var (a, b, c) in faces)
        {
            volume += (points[a] - points[0]).Dot((points[b] - points[0]).Cross(points[c] - points[0])) / 6;
            area += (points[b] - points[a]).Cross(points[c] - points[a]).Length() / 2;
            corners.UnionWith([a, b, c]);
        }
        return new(Math.Abs(volume), area, [.. corners.Select(n => points[n])]);
    }

    /// <summary>A first tetrahedron, its faces turned outwards.</summary>
    private static List<(int A, int B, int C)> Start(Point3[] points)
    {
        var a = 0;
        var b = Farthest(points, p => (p - points[a]).Length());
        var c = Farthest(points, p => (p - points[a]).Cross(points[b] - points[a]).Length());
        var d = Farthest(points, p => Math.Abs(Height(points, (a, b, c), p)));
        var faces = new List<(int A, int B, int C)>();
        foreach (var (p, q, r, inner) in (ReadOnlySpan<(int, int, int, int)>)[(a, b, c, d), (a, b, d, c), (a, c, d, b), (b, c, d, a)])
        {
            faces.Add(Height(points, (p, q, r), points[inner]) > 0 ? (p, r, q) : (p, q, r));
        }
        return faces;
    }

    private static int Farthest(Point3[] points, Func<Point3, double> measure)
    {
        var best = 0;
        for (var n = 1; n < points.Length; n++)
        {
            if (measure(points[n]) > measure(points[best])) { best = n; }
        }
        return best;
    }

    private static double Height(Point3[] points, (int A, int B, int C) face, Point3 p) =>
        (p - points[face.A]).Dot((points[face.B] - points[face.A]).Cross(points[face.C] - points[face.A]));

    private static Point3 Moved((int X, int Y, int Z) p, Region region)
    {
        var hash = (uint)((p.X * 73856093) ^ (p.Y * 19349663) ^ (p.Z * 83492791));
        double Next()
        {
            hash = (hash * 1664525) + 1013904223;
            return ((hash >> 8) / (double)(1 << 24)) - 0.5;
        }
        return new(
            ((p.X / 2.0) + (Shift * Next())) * region.Spacing[0], ((p.Y / 2.0) + (Shift * Next())) * region.Spacing[1], ((p.Z / 2.0) + (Shift * Next())) * region.Spacing[2]);
    }
}
