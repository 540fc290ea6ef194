using BoneMet.Dicom;

namespace BoneMet.UnitTests.Dicom;

internal static class DatasetComparison
{
    /// <summary>The first difference of two data sets, or null. Group lengths and the padding of odd values do not count.</summary>
    public static string? Difference(DicomDataset one, DicomDataset other)
    {
        var left = one.Where(item => item.Tag.Element != 0).ToList();
        var right = other.Where(item => item.Tag.Element != 0).ToList();
        if (left.Count != right.Count) { return $"{left.Count} elements, then {right.Count}"; }
        for (var i = 0; i < left.Count; i++)
        {
            if (left[i].Tag != right[i].Tag) { return $"{left[i].Tag}, then {right[i].Tag}"; }
            var difference = Item(left[i], right[i]);
            if (difference is not null) { return difference; }
        }
        return null;
    }

    private static string? Item(DicomItem one, DicomItem other)
    {
        switch (one, other)
        {
            case (DicomSequence a, DicomSequence b):
                if (a.Count != b.Count) { return $"{a.Tag}: {a.Count} items, then {b.Count}"; }
                for (var i = 0; i < a.Count; i++)
                {
                    if (Difference(a[i], b[i]) is { } difference) { return $"{a.Tag}[{i}] {difference}"; }
                }
                return null;
            case (DicomElement a, DicomElement b):
                var x = a.Buffer.Span;
                var y = b.Buffer.Span;
                var padded = x.Length % 2 != 0 && y.Length == x.Length + 1;
                return (padded ? y[..^1] : y).SequenceEqual(x) ? null : $"{a}: the value differs";
            case (DicomFragmentSequence a, DicomFragmentSequence b):
                return a.Fragments.Count == b.Fragments.Count && a.Fragments.Zip(b.Fragments).All(pair => Item(pair.First, pair.Second) is null) ? null : $"{a}: fragments differ";
            default:
                return $"{one}, then {other}";
        }
    }
}
