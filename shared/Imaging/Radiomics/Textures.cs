namespace BoneMet.Imaging.Radiomics;

/// <summary>The six texture families, counted once per slice and direction and then brought together as each aggregation asks.</summary>
internal sealed class Textures
{
    private static readonly (int X, int Y, int Z)[] s_volume =
        [(0, 0, 1), (0, 1, -1), (0, 1, 0), (0, 1, 1), (1, -1, -1), (1, -1, 0), (1, -1, 1), (1, 0, -1), (1, 0, 0), (1, 0, 1), (1, 1, -1), (1, 1, 0), (1, 1, 1)];

    private static readonly (int X, int Y, int Z)[] s_plane = [.. s_volume.Where(d => d.Z == 0)];

    private readonly Region _region;
    private readonly Aggregations _wanted;
    private readonly List<(string Tag, string Code, double Value)> _features = [];

    /// <summary>Voxels of the intensity mask by slice, empty slices left out.</summary>
    private readonly List<List<int>> _slices;

    private Textures(Region region, Aggregations wanted)
    {
        (_region, _wanted) = (region, wanted);
        _slices = [.. region.Voxels.GroupBy(voxel => region.Place(voxel).Z).OrderBy(slice => slice.Key).Select(slice => slice.ToList())];
    }

    public static List<(string Tag, string Code, double Value)> Compute(Region region, Aggregations wanted)
    {
        var textures = new Textures(region, wanted);
        textures.Directional(FeatureTable.Cooccurrence, () => new CooccurrenceMatrix(region.Levels), textures.Cooccurrence, (into, part) => into.Add(part), (matrix, _) => matrix.Features());
        textures.Directional(FeatureTable.RunLength, () => new SizeMatrix(), textures.Runs, (into, part) => into.Add(part), (matrix, voxels) => matrix.Features(voxels));
        textures.Compact(FeatureTable.SizeZone, () => new SizeMatrix(), (voxels, flat) => textures.Zones(voxels, flat).Sizes, (into, part) => into.Add(part), (matrix, voxels) => matrix.Features(voxels));
        textures.Compact(FeatureTable.DistanceZone, () => new SizeMatrix(), (voxels, flat) => textures.Zones(voxels, flat).Distances, (into, part) => into.Add(part), (matrix, voxels) => matrix.Features(voxels));
        textures.Compact(FeatureTable.ToneDifference, () => new ToneDifference(region.Levels), textures.Tones, (into, part) => into.Add(part), (matrix, _) => matrix.Features());
        textures.Compact(FeatureTable.Dependence, () => new SizeMatrix(), textures.Dependence, (into, part) => into.Add(part), (matrix, voxels) => matrix.Features(voxels));
        return textures._features;
    }

    private void Directional<T>((string Name, string Code)[] table, Func<T> empty, Func<List<int>, (int X, int Y, int Z), T> count, Action<T, T> add, Func<T, double, double[]> features)
    {
        if ((_wanted & (Aggregations.Slices2DAveraged | Aggregations.Slices2DMerged | Aggregations.Directions25DAveraged | Aggregations.Directions25DMerged)) != 0)
        {
            var parts = _slices.ConvertAll(slice => Array.ConvertAll(s_plane, direction => count(slice, direction)));
            T Merge(IEnumerable<T> some)
            {
                var into = empty();
                foreach (var part in some) { add(into, part); }
                return into;
            }
            Emit(Aggregations.Slices2DAveraged, table, "2D_avg", () => Mean(parts.SelectMany((slice, n) => slice.Select(part => features(part, _slices[n].Count)))));
            Emit(Aggregations.Slices2DMerged, table, "2D_comb", () => Mean(parts.Select((slice, n) => features(Merge(slice), _slices[n].Count * s_plane.Length))));
            Emit(Aggregations.Directions25DAveraged, table, "2_5D_avg", () => Mean(Enumerable.Range(0, s_plane.Length).Select(d => features(Merge(parts.Select(slice => slice[d])), _region.Voxels.Count))));
            Emit(Aggregations.Directions25DMerged, table, "2_5D_comb", () => features(Merge(parts.SelectMany(slice => slice)), _region.Voxels.Count * s_plane.Length));
        }
        if ((_wanted & (Aggregations.Volume3DAveraged | Aggregations.Volume3DMerged)) == 0) { return; }
        var directions = Array.ConvertAll(s_volume, direction => count(_region.Voxels, direction));
        Emit(Aggregations.Volume3DAveraged, table, "3D_avg", () => Mean(directions.Select(part => features(part, _region.Voxels.Count))));
        Emit(Aggregations.Volume3DMerged, table, "3D_comb", () =>
        {
            var merged = empty();
            foreach (var part in directions) { add(merged, part); }
            return features(merged, (double)_region.Voxels.Count * s_volume.Length);
        });
    }

    private void Compact<T>((string Name, string Code)[] table, Func<T> empty, Func<List<int>, bool, T> count, Action<T, T> add, Func<T, double, double[]> features)
    {
        const Aggregations BySlice = Aggregations.Slices2DAveraged | Aggregations.Slices2DMerged;
        const Aggregations Merged = Aggregations.Directions25DAveraged | Aggregations.Directions25DMerged;
        if ((_wanted & (BySlice | Merged)) != 0)
        {
            var parts = _slices.ConvertAll(slice => count(slice, true));
            Emit(BySlice, table, "2D", () => Mean(parts.Select((part, n) => features(part, _slices[n].Count))));
            Emit(Merged, table, "2_5D", () =>
            {
                var merged = empty();
                foreach (var part in parts) { add(merged, part); }
                return features(merged, _region.Voxels.Count);
            });
        }
        Emit(Aggregations.Volume3DAveraged | Aggregations.Volume3DMerged, table, "3D", () => features(count(_region.Voxels, false), _region.Voxels.Count));
    }

    private void Emit(Aggregations any, (string Name, string Code)[] table, string suffix, Func<double[]> compute)
    {
        if ((_wanted & any) == 0) { return; }
        var values = compute();
        for (var n = 0; n < table.Length; n++) { _features.Add(($"{table[n].Name}_{suffix}", table[n].Code, values[n])); }
    }

    /// <summary>Mean by feature of those matrices for which it is defined.</summary>
    private static double[] Mean(IEnumerable<double[]> all)
    {
        double[]? sums = null;
        int[]? counts = null;
        foreach (var values in all)
        {
            sums ??= new double[values.Length];
            counts ??= new int[values.Length];
            for (var n = 0; n < values.Length; n++)
            {
                if (double.IsNaN(values[n])) { continue; }
                sums[n] += values[n];
                counts[n]++;
            }
        }
        return [.. sums!.Zip(counts!, (sum, count) => count == 0 ? double.NaN : sum / count)];
    }

    private int Step((int X, int Y, int Z) d) => d.X + (_region.NX * (d.Y + (_region.NY * d.Z)));

    private CooccurrenceMatrix Cooccurrence(List<int> voxels, (int X, int Y, int Z) direction)
    {
        var matrix = new CooccurrenceMatrix(_region.Levels);
        var step = Step(direction);
        foreach (var voxel in voxels)
        {
            if (_region.Level[voxel + step] is > 0 and var other) { matrix.Count(_region.Level[voxel], other); }
        }
        return matrix;
    }

    private SizeMatrix Runs(List<int> voxels, (int X, int Y, int Z) direction)
    {
        var matrix = new SizeMatrix();
        var step = Step(direction);
        foreach (var voxel in voxels)
        {
            var level = _region.Level[voxel];
            if (_region.Level[voxel - step] == level) { continue; }
            var length = 1;
            while (_region.Level[voxel + (length * step)] == level) { length++; }
            matrix.Add(level, length);
        }
        return matrix;
    }

    private (SizeMatrix Sizes, SizeMatrix Distances) Zones(List<int> voxels, bool flat)
    {
        var (sizes, distances, border) = (new SizeMatrix(), new SizeMatrix(), Border(flat));
        var seen = new bool[_region.Level.Length];
        var steps = Neighbours(flat);
        var open = new Stack<int>();
        foreach (var start in voxels)
        {
            if (seen[start]) { continue; }
            seen[start] = true;
            open.Push(start);
            var (size, nearest, level) = (0, int.MaxValue, _region.Level[start]);
            while (open.TryPop(out var voxel))
            {
                size++;
                nearest = Math.Min(nearest, border[voxel]);
                foreach (var step in steps)
                {
                    if (seen[voxel + step] || _region.Level[voxel + step] != level) { continue; }
                    seen[voxel + step] = true;
                    open.Push(voxel + step);
                }
            }
            sizes.Add(level, size);
            distances.Add(level, nearest);
        }
        return (sizes, distances);
    }

    /// <summary>Steps along the axes from each voxel of the shape to the outside; 1 at the border.</summary>
    private int[] Border(bool flat)
    {
        var distance = new int[_region.Shape.Length];
        int[] steps = flat ? [1, -1, _region.NX, -_region.NX] : [1, -1, _region.NX, -_region.NX, _region.NX * _region.NY, -_region.NX * _region.NY];
        var queue = new Queue<int>();
        for (var n = 0; n < distance.Length; n++)
        {
            if (!_region.Shape[n] || steps.All(step => _region.Shape[n + step])) { continue; }
            distance[n] = 1;
            queue.Enqueue(n);
        }
        while (queue.TryDequeue(out var voxel))
        {
            foreach (var step in steps)
            {
                if (!_region.Shape[voxel + step] || distance[voxel + step] != 0) { continue; }
                distance[voxel + step] = distance[voxel] + 1;
                queue.Enqueue(voxel + step);
            }
        }
        return distance;
    }

    private ToneDifference Tones(List<int> voxels, bool flat)
    {
        var matrix = new ToneDifference(_region.Levels);
        var steps = Neighbours(flat);
        foreach (var voxel in voxels)
        {
            var (sum, count) = (0, 0);
            foreach (var step in steps)
            {
                if (_region.Level[voxel + step] == 0) { continue; }
                sum += _region.Level[voxel + step];
                count++;
            }
            if (count > 0) { matrix.Count(_region.Level[voxel], Math.Abs(_region.Level[voxel] - ((double)sum / count))); }
        }
        return matrix;
    }

    private SizeMatrix Dependence(List<int> voxels, bool flat)
    {
        var matrix = new SizeMatrix();
        var steps = Neighbours(flat);
        foreach (var voxel in voxels)
        {
            var alike = 1;
            foreach (var step in steps) { alike += _region.Level[voxel + step] == _region.Level[voxel] ? 1 : 0; }
            matrix.Add(_region.Level[voxel], alike);
        }
        return matrix;
    }

    private int[] Neighbours(bool flat)
    {
        var half = Array.ConvertAll(flat ? s_plane : s_volume, Step);
        return [.. half, .. half.Select(step => -step)];
    }
}
