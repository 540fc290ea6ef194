using BoneMet.Imaging.Volumes;

namespace BoneMet.DicomIngestion.Volumes;

/// <summary>The planes of a series in their order in space, the grid they make, and what a reader should know of it.</summary>
internal sealed record SliceStack
{
    private const double SamePlaneMm = 0.01;
    private const double TiltNotedDegrees = 0.5;

    /// <summary>Planes in the order of the grid's third index; several of one position are reduced to one.</summary>
    public required IReadOnlyList<SliceFrame> Slices { get; init; }

    /// <summary>Position of each plane along the grid's third index: whole numbers unless the spacing is uneven.</summary>
    public required IReadOnlyList<double> Indices { get; init; }
    public required Grid Grid { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Stacks planes; those that cannot be stacked with the largest group are left out and noted.</summary>
    /// <exception cref="UnusableSeriesException">No plane has geometry.</exception>
    public static SliceStack Of(IReadOnlyList<SliceFrame> planes)
    {
        if (planes.Count == 0) { throw new UnusableSeriesException("no-geometry", "No image of the series says where it lies in the patient, so no volume can be made."); }
        var notes = new List<string>();
        var group = Largest(planes);
        if (group.Count < planes.Count) { notes.Add($"{planes.Count - group.Count} of {planes.Count} images have another orientation or sampling and were left out"); }

        var first = group[0];
        var normal = first.Normal;
        var ordered = group.OrderBy(plane => plane.Position.Dot(normal)).ThenBy(plane => plane.InstanceNumber).ThenBy(plane => plane.SopInstanceUid, StringComparer.Ordinal).ThenBy(plane => plane.Frame).ToList();
        var distinct = new List<SliceFrame> { ordered[0] };
        foreach (var plane in ordered.Skip(1))
        {
            if ((plane.Position - distinct[^1].Position).Dot(normal) > SamePlaneMm) { distinct.Add(plane); }
        }
        if (distinct.Count < ordered.Count) { notes.Add($"{ordered.Count - distinct.Count} images repeat a position that another image has and were left out"); }

        var (spacing, sizeK, indices) = Sampling(distinct, normal, notes);
        var axisK = distinct.Count > 1 ? Direction(distinct) : normal;
        var tilt = Math.Acos(Math.Clamp(axisK.Dot(normal), -1, 1)) * 180 / Math.PI;
        if (tilt > TiltNotedDegrees) { notes.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the gantry was tilted by {tilt:0.0} degrees; the volume keeps that shear")); }
        // Along a sheared axis two planes are further apart than their distance along the normal.
        var step = spacing / axisK.Dot(normal);
        var grid = new Grid(first.Columns, first.Rows, sizeK, new Point3(first.SpacingI, first.SpacingJ, step), distinct[0].Position, first.AxisI, first.AxisJ, axisK);
        return new SliceStack { Slices = distinct, Indices = indices, Grid = grid, Notes = notes };
    }

    private static List<SliceFrame> Largest(IReadOnlyList<SliceFrame> planes)
    {
        var groups = new List<List<SliceFrame>>();
        foreach (var plane in planes)
        {
            if (groups.Find(group => group[0].StacksWith(plane)) is { } mine) { mine.Add(plane); }
            else { groups.Add([plane]); }
        }
        return groups.OrderByDescending(group => group.Count).First();
    }

    private static Point3 Direction(List<SliceFrame> planes)
    {
        var way = planes[^1].Position - planes[0].Position;
        return way * (1 / way.Length());
    }

    /// <summary>Spacing is the median distance; every plane gets its index on that raster.</summary>
    private static (double Spacing, int Count, IReadOnlyList<double> Indices) Sampling(List<SliceFrame> planes, Point3 normal, List<string> notes)
    {
        const double even = 0.02;
        const int mostGapsFilled = 4;
        if (planes.Count == 1)
        {
            notes.Add("the series has a single slice");
            return (planes[0].Thickness ?? Math.Max(planes[0].SpacingI, planes[0].SpacingJ), 1, [0]);
        }
        var distances = new double[planes.Count - 1];
        for (var n = 0; n < distances.Length; n++) { distances[n] = (planes[n + 1].Position - planes[n].Position).Dot(normal); }
        var median = distances.Order().ElementAt(distances.Length / 2);
        var total = distances.Sum();
        // The mean over all planes is exact where they are even; the median is only a rounded decimal of the header.
        if (distances.All(distance => Math.Abs(distance - median) < even * median))
        {
            return (total / distances.Length, planes.Count, [.. Enumerable.Range(0, planes.Count).Select(n => (double)n)]);
        }

        var indices = new double[planes.Count];
        var at = 0.0;
        var missing = 0;
        var uneven = 0;
        for (var n = 0; n < distances.Length; n++)
        {
            at += distances[n];
            var index = at / median;
            var steps = distances[n] / median;
            if (Math.Abs(steps - Math.Round(steps)) > even * Math.Max(1, steps)) { uneven++; }
            else if (Math.Round(steps) > 1) { missing += (int)Math.Round(steps) - 1; }
            indices[n + 1] = Math.Abs(index - Math.Round(index)) < even ? Math.Round(index) : index;
        }
        var count = (int)Math.Floor((total / median) + even) + 1;
        if (count > planes.Count * mostGapsFilled) { throw new UnusableSeriesException("series-with-gaps", $"The {planes.Count} images of the series lie too far apart from each other to make one volume."); }
        if (missing > 0) { notes.Add($"{missing} slices are missing; their place was filled from their neighbours"); }
        if (uneven > 0) { notes.Add($"{uneven} slice distances are uneven; the volume was interpolated to even ones"); }
        return (median, count, indices);
    }
}
