namespace BoneMet.Imaging.Radiomics;

/// <summary>
/// The surface of a region by marching cubes at half a voxel. The cases are derived, not tabulated: on each face of a cube the boundary runs with the inside to its left, which makes the
/// loops close and the surface watertight; on an ambiguous face the inside corners are joined.
/// </summary>
internal sealed class SurfaceMesh
{
    private static readonly int[][] s_faces = [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];
    private static readonly List<(int A, int B, int C)>[] s_cases = [.. Enumerable.Range(0, 256).Select(Triangles)];

    private SurfaceMesh(double volume, double area, HashSet<(int X, int Y, int Z)> vertices) => (Volume, Area, Vertices) = (volume, area, vertices);

    /// <summary>mm³.</summary>
    public double Volume { get; }

    /// <summary>mm².</summary>
    public double Area { get; }

    /// <summary>Corners of the surface in half voxels.</summary>
    public HashSet<(int X, int Y, int Z)> Vertices { get; }

    public static SurfaceMesh Of(Region region)
    {
        var (volume, area, vertices) = (0.0, 0.0, new HashSet<(int X, int Y, int Z)>());
        for (var z = 0; z + 1 < region.NZ; z++)
        {
            for (var y = 0; y + 1 < region.NY; y++)
            {
                for (var x = 0; x + 1 < region.NX; x++)
                {
                    var index = 0;
                    for (var corner = 0; corner < 8; corner++)
                    {
                        if (region.Shape[region.At(x + (corner & 1), y + (corner >> 1 & 1), z + (corner >> 2))]) { index |= 1 << corner; }
                    }
                    foreach (var triangle in s_cases[index])
                    {
                        (int X, int Y, int Z) Vertex(int edge) => ((2 * x) + (edge % 3), (2 * y) + (edge / 3 % 3), (2 * z) + (edge / 9));
                        var (a, b, c) = (Vertex(triangle.A), Vertex(triangle.B), Vertex(triangle.C));
                        vertices.Add(a);
                        vertices.Add(b);
                        vertices.Add(c);
                        var (p, q, r) = (Position(a, region), Position(b, region), Position(c, region));
                        volume += p.Dot(q.Cross(r)) / 6;
                        area += (q - p).Cross(r - p).Length() / 2;
                    }
                }
            }
        }
        return new(Math.Abs(volume), area, vertices);
    }

    public static Volumes.Point3 Position((int X, int Y, int Z) vertex, Region region) =>
        new(vertex.X / 2.0 * region.Spacing[0], vertex.Y / 2.0 * region.Spacing[1], vertex.Z / 2.0 * region.Spacing[2]);

    /// <summary>Triangles of one case; a vertex is the middle of an edge, coded x + 3y + 9z in half voxels.</summary>
    private static List<(int A, int B, int C)> Triangles(int index)
    {
        bool Inside(int corner) => (index >> corner & 1) != 0;
        static int Middle(int a, int b) => (a & 1) + (b & 1) + (3 * ((a >> 1 & 1) + (b >> 1 & 1))) + (9 * ((a >> 2) + (b >> 2)));
        var next = new Dictionary<int, int>();
        foreach (var face in s_faces)
        {
            for (var n = 0; n < 4; n++)
            {
                // leaving the inside after corner n: the boundary comes back where the walk enters it next
                if (!Inside(face[n]) || Inside(face[(n + 1) % 4])) { continue; }
                var entry = (n + 1) % 4;
                while (!Inside(face[entry])) { entry = (entry + 1) % 4; }
                next[Middle(face[n], face[(n + 1) % 4])] = Middle(face[(entry + 3) % 4], face[entry]);
            }
        }
        var triangles = new List<(int A, int B, int C)>();
        while (next.Count > 0)
        {
            var loop = new List<int>();
            for (var at = next.Keys.Min(); next.Remove(at, out var to); at = to) { loop.Add(at); }
            triangles.AddRange(Widest(loop, 0, loop.Count - 1).Triangles);
        }
        return triangles;
    }

    /// <summary>
    /// The triangulation that encloses the most, of the part of a loop from one corner to another: a loop that is not flat has several. With it the digital phantom's volume and area are
    /// IBSI's (556.3 mm³, 388.1 mm²). The boundary runs so that volumes come out negative.
    /// </summary>
    private static (double Volume, List<(int A, int B, int C)> Triangles) Widest(List<int> loop, int first, int last)
    {
        if (last - first < 2) { return (0, []); }
        static Volumes.Point3 Place(int edge) => new(edge % 3, edge / 3 % 3, edge / 9);
        var (best, chosen) = (double.MaxValue, new List<(int A, int B, int C)>());
        for (var n = first + 1; n < last; n++)
        {
            var (left, right) = (Widest(loop, first, n), Widest(loop, n, last));
            var volume = left.Volume + right.Volume + (Place(loop[first]).Dot(Place(loop[n]).Cross(Place(loop[last]))) / 6);
            if (volume > best - 1e-9) { continue; }
            best = volume;
            chosen = [.. left.Triangles, (loop[first], loop[n], loop[last]), .. right.Triangles];
        }
        return (best, chosen);
    }
}
