namespace BoneMet.Dicom;

/// <summary>The image objects of one series, and the volume they make. Order comes from geometry, never from files.</summary>
public sealed class DicomSeries
{
    private const double DirectionTolerance = 1e-3;
    private const double SpacingTolerance = 0.01;

    private readonly List<DicomFile> _files;

    private DicomSeries(string uid, List<DicomFile> files) => (SeriesInstanceUid, _files) = (uid, files);

    public string SeriesInstanceUid { get; }

    public string Modality => _files[0].Dataset.GetSingleValueOrDefault(DicomTag.Modality, "");

    public IReadOnlyList<DicomFile> Files => _files;

    /// <summary>Groups files by Series Instance UID, in order of UID; DICOMDIRs are left out.</summary>
    public static IReadOnlyList<DicomSeries> Group(IEnumerable<DicomFile> files) =>
        [.. files.Where(file => file.Dataset.Contains(DicomTag.SOPInstanceUID))
            .GroupBy(file => file.Dataset.GetSingleValueOrDefault(DicomTag.SeriesInstanceUID, ""), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new DicomSeries(group.Key, [.. group.OrderBy(file => file.Dataset.GetSingleValueOrDefault(DicomTag.SOPInstanceUID, ""), StringComparer.Ordinal)]))];

    /// <summary>Reads every DICOM file below a folder; others are passed over.</summary>
    public static IReadOnlyList<DicomSeries> ReadFolder(string folder)
    {
        var files = new List<DicomFile>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            try
            {
                files.Add(DicomFile.Open(path));
            }
            catch (DicomFileException)
            {
                // A folder from a hospital holds viewers, text and pictures too; what is no DICOM is no part of a series.
                continue;
            }
        }
        return Group(files);
    }

    /// <summary>The volume of the series' image planes.</summary>
    /// <exception cref="DicomVolumeException">The planes make no volume; the fault is named.</exception>
    /// <exception cref="DicomException">Pixels cannot be decoded.</exception>
    public DicomVolume ToVolume()
    {
        var findings = new List<string>();
        var slices = _files.SelectMany(Slices).ToList();
        if (slices.Count == 0) { throw new DicomVolumeException("no-images", $"series {SeriesInstanceUid} has no image planes."); }
        var localizers = slices.RemoveAll(slice => slices.Count > 2 && slice.File.Dataset.TryGetString(DicomTag.ImageType, out var type) && type.Contains("LOCALIZER", StringComparison.Ordinal));
        if (localizers > 0) { findings.Add($"{localizers} localizer image(s) left out"); }
        if (slices.Count == 0) { throw new DicomVolumeException("no-images", $"series {SeriesInstanceUid} has only localizers."); }
        var first = slices[0];
        CheckAlike(slices, first);
        var normal = first.Normal;
        slices = [.. slices.OrderBy(slice => DicomGeometry.Dot(slice.Position, normal)).ThenBy(slice => slice.Uid, StringComparer.Ordinal)];
        RemoveDuplicates(slices, normal, findings);
        var spacing = CheckSpacing(slices, normal, findings);
        return Build(slices, normal, spacing, findings);
    }

    private static IEnumerable<DicomSlice> Slices(DicomFile file)
    {
        var dataset = file.Dataset;
        if (dataset.Find(DicomTag.PixelData) is null) { yield break; }
        var frames = Math.Max(1, dataset.GetSingleValueOrDefault(DicomTag.NumberOfFrames, 1));
        var uid = dataset.GetSingleValueOrDefault(DicomTag.SOPInstanceUID, "");
        for (var frame = 0; frame < frames; frame++)
        {
            var position = DicomGeometry.Numbers(dataset, DicomTag.ImagePositionPatient, 3)
                ?? DicomGeometry.Numbers(DicomGeometry.Group(dataset, frame, DicomTag.PlanePositionSequence), DicomTag.ImagePositionPatient, 3);
            var orientation = DicomGeometry.Numbers(dataset, DicomTag.ImageOrientationPatient, 6)
                ?? DicomGeometry.Numbers(DicomGeometry.Group(dataset, frame, DicomTag.PlaneOrientationSequence), DicomTag.ImageOrientationPatient, 6);
            var measures = DicomGeometry.Group(dataset, frame, DicomTag.PixelMeasuresSequence);
            var spacing = DicomGeometry.Numbers(dataset, DicomTag.PixelSpacing, 2) ?? DicomGeometry.Numbers(measures, DicomTag.PixelSpacing, 2);
            if (position is null || orientation is null || spacing is null || spacing[0] <= 0 || spacing[1] <= 0)
            {
                throw new DicomVolumeException("no-geometry", $"image {uid} lacks a usable Image Position (Patient), Image Orientation (Patient) or Pixel Spacing: it has no place in a volume.");
            }
            if (frames > 1 && frame == 1 && dataset.Items(DicomTag.PerFrameFunctionalGroupsSequence).Count == 0)
            {
                throw new DicomVolumeException("no-geometry", $"image {uid} has {frames} frames but one position for all: it is no volume.");
            }
            var transform = DicomGeometry.Group(dataset, frame, DicomTag.PixelValueTransformationSequence) ?? dataset;
            yield return new DicomSlice
            {
                File = file,
                Frame = frame,
                Uid = frames == 1 ? uid : $"{uid}#{frame + 1}",
                Position = position,
                Orientation = orientation,
                PixelSpacing = (spacing[0], spacing[1]),
                Slope = transform.GetSingleValueOrDefault(DicomTag.RescaleSlope, 1.0),
                Intercept = transform.GetSingleValueOrDefault(DicomTag.RescaleIntercept, 0.0),
            };
        }
    }

    private static void CheckAlike(List<DicomSlice> slices, DicomSlice first)
    {
        int rows = Rows(first), columns = Columns(first);
        var frameOfReference = first.File.Dataset.GetSingleValueOrDefault(DicomTag.FrameOfReferenceUID, "");
        if (Math.Abs(DicomGeometry.Dot(first.Orientation.AsSpan(0, 3), first.Orientation.AsSpan(3, 3))) > DirectionTolerance
            || Math.Abs(DicomGeometry.Dot(first.Normal, first.Normal) - 1) > 0.01)
        {
            throw new DicomVolumeException("no-geometry", $"image {first.Uid}: Image Orientation (Patient) is no pair of perpendicular unit vectors.");
        }
        foreach (var slice in slices)
        {
            for (var i = 0; i < 6; i++)
            {
                if (Math.Abs(slice.Orientation[i] - first.Orientation[i]) > DirectionTolerance)
                {
                    throw new DicomVolumeException("mixed-orientation", $"images {first.Uid} and {slice.Uid} have different orientations: the series is no single volume.");
                }
            }
            if (Rows(slice) != rows || Columns(slice) != columns) { throw new DicomVolumeException("mixed-size", $"images {first.Uid} and {slice.Uid} differ in size: {columns} x {rows} and {Columns(slice)} x {Rows(slice)}."); }
            if (Math.Abs(slice.PixelSpacing.Row - first.PixelSpacing.Row) > 1e-3 || Math.Abs(slice.PixelSpacing.Column - first.PixelSpacing.Column) > 1e-3)
            {
                throw new DicomVolumeException("mixed-size", $"images {first.Uid} and {slice.Uid} have different pixel spacing.");
            }
            if (slice.File.Dataset.GetSingleValueOrDefault(DicomTag.FrameOfReferenceUID, "") != frameOfReference)
            {
                throw new DicomVolumeException("mixed-frame-of-reference", $"images {first.Uid} and {slice.Uid} have different frames of reference.");
            }
        }
    }

    private static int Rows(DicomSlice slice) => slice.File.Dataset.GetSingleValueOrDefault(DicomTag.Rows, 0);

    private static int Columns(DicomSlice slice) => slice.File.Dataset.GetSingleValueOrDefault(DicomTag.Columns, 0);

    /// <summary>Planes at one place: the same pixels are counted once; different ones (several phases, echoes) make no single volume.</summary>
    private static void RemoveDuplicates(List<DicomSlice> slices, double[] normal, List<string> findings)
    {
        for (var i = slices.Count - 1; i > 0; i--)
        {
            var (one, other) = (slices[i - 1], slices[i]);
            if (Math.Abs(DicomGeometry.Dot(other.Position, normal) - DicomGeometry.Dot(one.Position, normal)) > 1e-3) { continue; }
            if (one.Uid != other.Uid && !Decode(one).Values.AsSpan().SequenceEqual(Decode(other).Values))
            {
                throw new DicomVolumeException("conflicting-duplicates", $"images {one.Uid} and {other.Uid} stand at the same place with different pixels: the series holds more than one volume (phases, echoes or b-values).");
            }
            findings.Add($"duplicate slice {other.Uid} left out");
            slices.RemoveAt(i);
        }
    }

    private static double CheckSpacing(List<DicomSlice> slices, double[] normal, List<string> findings)
    {
        if (slices.Count == 1)
        {
            var dataset = slices[0].File.Dataset;
            var measures = DicomGeometry.Group(dataset, slices[0].Frame, DicomTag.PixelMeasuresSequence) ?? dataset;
            var only = measures.GetSingleValueOrDefault(DicomTag.SpacingBetweenSlices, 0.0);
            only = only > 0 ? only : measures.GetSingleValueOrDefault(DicomTag.SliceThickness, 0.0);
            findings.Add("a single slice: its thickness is taken as spacing");
            return only > 0 ? only : 1;
        }
        var distances = new double[slices.Count - 1];
        for (var i = 0; i < distances.Length; i++) { distances[i] = DicomGeometry.Dot(slices[i + 1].Position, normal) - DicomGeometry.Dot(slices[i].Position, normal); }
        var sorted = distances.Order().ToArray();
        var usual = sorted[sorted.Length / 2];
        for (var i = 0; i < distances.Length; i++)
        {
            var deviation = Math.Abs(distances[i] - usual);
            if (deviation > Math.Max(SpacingTolerance, 0.1 * usual))
            {
                var missing = Math.Max(1, (int)Math.Round(distances[i] / usual) - 1);
                throw new DicomVolumeException("gap", $"between slices {slices[i].Uid} and {slices[i + 1].Uid} are {distances[i]:0.###} mm, elsewhere {usual:0.###} mm: {(distances[i] > usual ? $"about {missing} slice(s) missing" : "uneven slices")}.");
            }
            if (deviation > SpacingTolerance) { findings.Add($"spacing {distances[i]:0.###} mm between slices {i + 1} and {i + 2} instead of {usual:0.###} mm"); }
        }
        // The line through the slices' origins must be the normal; an angle is a tilted gantry (or a sheared stack).
        var (from, to) = (slices[0].Position, slices[^1].Position);
        double[] along = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
        var length = Math.Sqrt(DicomGeometry.Dot(along, along));
        var rise = DicomGeometry.Dot(along, normal);
        var aside = Math.Sqrt(Math.Max(0, (length * length) - (rise * rise)));
        if (aside > 0.5 * Math.Min(slices[0].PixelSpacing.Row, slices[0].PixelSpacing.Column) && aside / length > 0.005)
        {
            throw new DicomVolumeException("gantry-tilt", $"slices are shifted against each other by an angle of {Math.Asin(aside / length) * 180 / Math.PI:0.##}° (gantry tilt): the volume is sheared and must be resampled first.");
        }
        return rise / (slices.Count - 1);
    }

    private static DicomFrame Decode(DicomSlice slice) => DicomPixelData.Create(slice.File).GetFrame(slice.Frame);

    private static DicomVolume Build(List<DicomSlice> slices, double[] normal, double spacing, List<string> findings)
    {
        var first = slices[0];
        int rows = Rows(first), columns = Columns(first);
        var size = (long)rows * columns * slices.Count;
        if (size > PixelShape.MaxSamples) { throw new DicomVolumeException("too-large", $"a volume of {columns} x {rows} x {slices.Count} voxels is beyond the limit of {PixelShape.MaxSamples}."); }
        var voxels = new float[size];
        for (var k = 0; k < slices.Count; k++)
        {
            var slice = slices[k];
            var frame = Decode(slice);
            if (frame.SamplesPerPixel != 1) { throw new DicomVolumeException("no-images", $"image {slice.Uid} is in colour; a volume holds one value in each voxel."); }
            var target = voxels.AsSpan(k * rows * columns, rows * columns);
            for (var i = 0; i < target.Length; i++) { target[i] = (float)((frame.Values[i] * slice.Slope) + slice.Intercept); }
        }
        var dataset = first.File.Dataset;
        var modality = dataset.GetSingleValueOrDefault(DicomTag.Modality, "");
        return new DicomVolume
        {
            Columns = columns,
            Rows = rows,
            Slices = slices.Count,
            Spacing = (first.PixelSpacing.Column, first.PixelSpacing.Row, spacing),
            Origin = (first.Position[0], first.Position[1], first.Position[2]),
            AxisColumn = (first.Orientation[0], first.Orientation[1], first.Orientation[2]),
            AxisRow = (first.Orientation[3], first.Orientation[4], first.Orientation[5]),
            AxisSlice = (normal[0], normal[1], normal[2]),
            Voxels = voxels,
            SliceUids = [.. slices.Select(slice => slice.Uid)],
            Modality = modality,
            SeriesInstanceUid = dataset.GetSingleValueOrDefault(DicomTag.SeriesInstanceUID, ""),
            FrameOfReferenceUid = dataset.GetSingleValueOrDefault(DicomTag.FrameOfReferenceUID, ""),
            Units = dataset.GetSingleValueOrDefault(DicomTag.RescaleType, dataset.GetSingleValueOrDefault(DicomTag.Units, modality == "CT" ? "HU" : "")),
            Findings = findings,
        };
    }
}
