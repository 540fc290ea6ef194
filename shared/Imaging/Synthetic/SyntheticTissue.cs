namespace BoneMet.Imaging.Synthetic;

/// <summary>
/// H&amp;E-like tissue without end: any region can be rendered by itself, and neighbouring regions fit. Generated in code: no patient, and said so
/// wherever it is shown.
/// </summary>
public sealed class SyntheticTissue
{
    /// <summary>Edge of the cells in which nuclei are drawn, µm.</summary>
    private const double Cell = 12;
    private const int MostPerCell = 8;
    private readonly ulong _nuclei;
    private readonly ulong _stroma;
    private readonly float[] _eosin;
    private readonly float[] _haematoxylin;

    /// <param name="seed">Chooses nuclei, stroma and the slide's own stain.</param>
    /// <param name="traits">What it is like.</param>
    public SyntheticTissue(ulong seed, TissueTraits traits)
    {
        ArgumentNullException.ThrowIfNull(traits);
        Traits = traits;
        var noise = new Noise(Noise.Mix(seed ^ 0x57A1));
        _nuclei = Noise.Mix(seed ^ 0x0C1E);
        _stroma = Noise.Mix(seed ^ 0x57B0);
        _eosin = [Shift(ref noise, 226), Shift(ref noise, 158), Shift(ref noise, 196)];
        _haematoxylin = [Shift(ref noise, 98), Shift(ref noise, 66), Shift(ref noise, 142)];
    }

    public TissueTraits Traits { get; }

    /// <summary>Renders a square region, RGB interleaved, row by row.</summary>
    /// <param name="left">Left edge, µm.</param>
    /// <param name="top">Top edge, µm.</param>
    /// <param name="size">Edge in pixels.</param>
    /// <param name="micronsPerPixel">Edge of a pixel, µm.</param>
    /// <param name="rgb">size × size × 3 bytes.</param>
    public void Render(double left, double top, int size, double micronsPerPixel, Span<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, size * size * 3);
        var ink = new float[size * size];
        var (first, above) = ((int)Math.Floor(left / Cell) - 1, (int)Math.Floor(top / Cell) - 1);
        var (last, below) = ((int)Math.Floor((left + (size * micronsPerPixel)) / Cell) + 1, (int)Math.Floor((top + (size * micronsPerPixel)) / Cell) + 1);
        for (var row = above; row <= below; row++)
        {
            for (var column = first; column <= last; column++) { DrawCell(column, row, left, top, size, micronsPerPixel, ink); }
        }
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var (u, v) = (left + ((x + 0.5) * micronsPerPixel), top + ((y + 0.5) * micronsPerPixel));
                var fibre = Noise.Smooth(_stroma, u / 14, v / 5, 0);
                var grain = Noise.Lattice(_stroma + 3, (int)Math.Floor(u * 2), (int)Math.Floor(v * 2), 1);
                var n = (y * size) + x;
                for (var c = 0; c < 3; c++)
                {
                    var ground = _eosin[c] + (14 * fibre);
                    var value = ground + (ink[n] * (_haematoxylin[c] - ground)) + (6 * grain);
                    rgb[(3 * n) + c] = (byte)Math.Clamp(value, 0, 255);
                }
            }
        }
    }

    private void DrawCell(int column, int row, double left, double top, int size, double micronsPerPixel, float[] ink)
    {
        var noise = new Noise(Noise.Mix(_nuclei ^ Noise.Mix(unchecked(((ulong)(uint)column << 32) | (uint)row))));
        var mean = Traits.NucleiPerMm2 * Cell * Cell / 1e6;
        // Poisson by inversion.
        var (count, term, sum, draw) = (0, Math.Exp(-mean), Math.Exp(-mean), noise.Uniform());
        while (draw > sum && count < MostPerCell)
        {
            count++;
            term *= mean / count;
            sum += term;
        }
        for (var nucleus = 0; nucleus < count; nucleus++)
        {
            var (cx, cy) = ((column + noise.Uniform()) * Cell, (row + noise.Uniform()) * Cell);
            var radius = Traits.NuclearRadius * Math.Exp(0.12 * noise.Normal());
            var (stretch, turn, depth) = (noise.Uniform(1.0, 1.5), noise.Uniform(0, Math.PI), (float)noise.Uniform(0.75, 0.95));
            Draw((cx - left) / micronsPerPixel, (cy - top) / micronsPerPixel, radius / micronsPerPixel, Math.Sqrt(stretch), turn, depth, size, ink);
        }
    }

    private static void Draw(double cx, double cy, double radius, double stretch, double turn, float depth, int size, float[] ink)
    {
        var reach = (radius * stretch) + 1;
        var (cos, sin) = (Math.Cos(turn), Math.Sin(turn));
        for (var y = Math.Max(0, (int)(cy - reach)); y <= Math.Min(size - 1, (int)(cy + reach)); y++)
        {
            for (var x = Math.Max(0, (int)(cx - reach)); x <= Math.Min(size - 1, (int)(cx + reach)); x++)
            {
                var (dx, dy) = (x + 0.5 - cx, y + 0.5 - cy);
                var (along, across) = (((dx * cos) + (dy * sin)) / stretch, ((dy * cos) - (dx * sin)) * stretch);
                var inside = (float)Math.Clamp(radius + 0.5 - Math.Sqrt((along * along) + (across * across)), 0, 1);
                ref var pixel = ref ink[(y * size) + x];
                pixel = Math.Max(pixel, depth * inside);
            }
        }
    }

    private static float Shift(ref Noise noise, double value) => (float)Math.Clamp(value + noise.Uniform(-10, 10), 0, 255);
}
