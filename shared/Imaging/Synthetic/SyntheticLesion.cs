using BoneMet.Imaging.Volumes;

namespace BoneMet.Imaging.Synthetic;

/// <summary>A lesion in muscle and fat, as CT would show it. Generated in code: no patient, and said so wherever it is shown.</summary>
public sealed class SyntheticLesion
{
    private const int Spicules = 9;
    private const double Sharpness = 9;
    private const double LongestSpicule = 0.75;
    private readonly Point3[] _directions = new Point3[Spicules];
    private readonly double[] _lengths = new double[Spicules];
    private readonly Point3 _axes;
    private readonly double _lesion;
    private readonly ulong _texture;
    private readonly ulong _tissue;
    private readonly ulong _grain;

    /// <param name="seed">Chooses spicules, texture and background.</param>
    /// <param name="traits">What it is like.</param>
    /// <param name="centre">Where it is, mm in LPS.</param>
    public SyntheticLesion(ulong seed, LesionTraits traits, Point3 centre)
    {
        ArgumentNullException.ThrowIfNull(traits);
        (Traits, Centre) = (traits, centre);
        var noise = new Noise(Noise.Mix(seed));
        for (var s = 0; s < Spicules; s++)
        {
            var (z, turn) = (noise.Uniform(-1, 1), noise.Uniform(0, 2 * Math.PI));
            var ring = Math.Sqrt(1 - (z * z));
            _directions[s] = new(ring * Math.Cos(turn), ring * Math.Sin(turn), z);
            _lengths[s] = noise.Uniform(0.7, 1.0);
        }
        _axes = new(noise.Uniform(0.92, 1.08), noise.Uniform(0.92, 1.08), noise.Uniform(0.92, 1.08));
        _lesion = noise.Uniform(80, 90);
        _texture = Noise.Mix(seed ^ 0x7E47);
        _tissue = Noise.Mix(seed ^ 0x7155);
        _grain = Noise.Mix(seed ^ 0x6124);
    }

    public LesionTraits Traits { get; }

    public Point3 Centre { get; }

    /// <summary>Distance from the centre to the margin along a unit direction, mm.</summary>
    public double Margin(Point3 direction)
    {
        var body = Traits.RadiusMm / Math.Sqrt(Square(direction.X / _axes.X) + Square(direction.Y / _axes.Y) + Square(direction.Z / _axes.Z));
        var spike = 0.0;
        for (var s = 0; s < Spicules; s++)
        {
            var along = direction.Dot(_directions[s]);
            if (along > 0.5) { spike = Math.Max(spike, _lengths[s] * Math.Exp(Sharpness * (along - 1))); }
        }
        return body * (1 + (LongestSpicule * Traits.Spiculation * spike));
    }

    /// <summary>Whether a point, given from the centre in mm, lies in the lesion.</summary>
    public bool Contains(Point3 relative)
    {
        var distance = relative.Length();
        return distance < Traits.RadiusMm * 1.1 * (1 + LongestSpicule) && (distance < 1e-6 || distance < Margin(relative * (1 / distance)));
    }

    /// <summary>The scan on a grid: Hounsfield units, air outside the body when <paramref name="bodyRadiusMm"/> is given (an elliptic cylinder around the grid's centre).</summary>
    public (Volume Volume, Mask Mask) Render(Grid grid, double bodyRadiusMm = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var (voxels, mask) = (new short[grid.Count], new byte[grid.Count]);
        var middle = grid.Centre;
        for (var k = 0; k < grid.SizeK; k++)
        {
            for (var j = 0; j < grid.SizeJ; j++)
            {
                for (var i = 0; i < grid.SizeI; i++)
                {
                    var (n, at) = (grid.Offset(i, j, k), grid.ToWorld(i, j, k));
                    var grain = Grain(i, j, k);
                    if (Square((at.X - middle.X) / 1.25) + Square(at.Y - middle.Y) > bodyRadiusMm * bodyRadiusMm)
                    {
                        voxels[n] = (short)Math.Round(-1000 + grain);
                        continue;
                    }
                    var relative = at - Centre;
                    mask[n] = (byte)(Contains(relative) ? 1 : 0);
                    voxels[n] = (short)Math.Round((mask[n] == 1 ? Inside(relative, relative.Length()) : Background(at)) + grain);
                }
            }
        }
        return (new(grid, voxels), new(grid, mask));
    }

    /// <summary>Hounsfield units of lesion, muscle and fat at a point, without the scanner's grain.</summary>
    public double Tissue(Point3 at) => Contains(at - Centre) ? Inside(at - Centre, (at - Centre).Length()) : Background(at);

    /// <summary>The scanner's grain in a voxel, Hounsfield units.</summary>
    public double Grain(int i, int j, int k) => 9 * (Noise.Lattice(_grain, i, j, k) + Noise.Lattice(_grain + 1, i, j, k));

    /// <summary>Volume (mm³) and sphericity of the margin, from a fine triangulation of directions.</summary>
    /// <remarks>Sphericity π^⅓ (6V)^⅔ / A (IBSI QCFX).</remarks>
    public (double VolumeMm3, double Sphericity) Shape()
    {
        const int Rings = 48;
        const int Sectors = 96;
        var (volume, area) = (0.0, 0.0);
        for (var ring = 0; ring < Rings; ring++)
        {
            for (var sector = 0; sector < Sectors; sector++)
            {
                var (a, b, c, d) = (Vertex(ring, sector), Vertex(ring + 1, sector), Vertex(ring + 1, sector + 1), Vertex(ring, sector + 1));
                Add(a, b, c);
                Add(a, c, d);
            }
        }
        return (volume, Math.Cbrt(Math.PI) * Math.Pow(6 * volume, 2.0 / 3) / area);

        Point3 Vertex(int ring, int sector)
        {
            var (polar, turn) = (Math.PI * ring / Rings, 2 * Math.PI * (sector % Sectors) / Sectors);
            var direction = new Point3(Math.Sin(polar) * Math.Cos(turn), Math.Sin(polar) * Math.Sin(turn), Math.Cos(polar));
            return direction * Margin(direction);
        }

        void Add(Point3 a, Point3 b, Point3 c)
        {
            volume += a.Dot(b.Cross(c)) / 6;
            area += (b - a).Cross(c - a).Length() / 2;
        }
    }

    private double Inside(Point3 relative, double distance)
    {
        var mottle = Noise.Smooth(_texture, relative.X / 7, relative.Y / 7, relative.Z / 7);
        var value = _lesion + (75 * Traits.Heterogeneity * mottle);
        var core = Traits.RadiusMm * (0.15 + (0.65 * Traits.Necrosis));
        var edge = Math.Clamp((core - distance) / 3, 0, 1);
        return value + (edge * (12 - value));
    }

    private double Background(Point3 at)
    {
        var soft = Noise.Smooth(_tissue, at.X / 22, at.Y / 22, at.Z / 22);
        var fine = Noise.Smooth(_tissue + 7, at.X / 9, at.Y / 9, at.Z / 9);
        var fat = Math.Clamp((soft - 0.25) * 6, 0, 1);
        return 45 + (10 * fine) - (fat * 140);
    }

    private static double Square(double x) => x * x;
}
