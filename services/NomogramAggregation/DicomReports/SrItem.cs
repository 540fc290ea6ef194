using System.Globalization;
using BoneMet.Dicom;

namespace BoneMet.NomogramAggregation.DicomReports;

/// <summary>Content items of a structured report (PS3.3 C.17.3).</summary>
internal static class SrItem
{
    public const string Contains = "CONTAINS";
    public const string Modifier = "HAS CONCEPT MOD";
    public const string Context = "HAS OBS CONTEXT";
    public const string Properties = "HAS PROPERTIES";
    public const string InferredFrom = "INFERRED FROM";

    private static readonly SrCode NoUnits = new("1", "UCUM", "no units");

    public static DicomDataset Container(string relationship, SrCode name, params IEnumerable<DicomDataset> children) => Fill(Item(relationship, "CONTAINER", name), children);

    /// <summary>A container's own attributes; the root of a document has no relationship.</summary>
    public static DicomDataset Fill(DicomDataset item, IEnumerable<DicomDataset> children) => item
        .AddOrUpdate(DicomTag.ContinuityOfContent, "SEPARATE")
        .AddOrUpdate(DicomTag.ContentSequence, children.ToArray().AsSpan());

    public static DicomDataset Text(string relationship, SrCode name, string value) => Item(relationship, "TEXT", name).AddOrUpdate(DicomTag.TextValue, value);

    public static DicomDataset Code(string relationship, SrCode name, SrCode value, params IEnumerable<DicomDataset> children) =>
        With(Item(relationship, "CODE", name).AddOrUpdate(DicomTag.ConceptCodeSequence, value.Item), children);

    public static DicomDataset Uid(string relationship, SrCode name, string value) => Item(relationship, "UIDREF", name).AddOrUpdate(DicomTag.UID, value);

    /// <summary>A number: as decimal text (at most 16 characters) and, unshortened, as a double.</summary>
    public static DicomDataset Number(string relationship, SrCode name, double value, SrCode? unit, params IEnumerable<DicomDataset> children)
    {
        var measured = new DicomDataset()
            .AddOrUpdate(DicomTag.MeasurementUnitsCodeSequence, (unit ?? NoUnits).Item)
            .AddOrUpdate(DicomTag.NumericValue, value.ToString("G10", CultureInfo.InvariantCulture))
            .AddOrUpdate(DicomTag.FloatingPointValue, value);
        return With(Item(relationship, "NUM", name).AddOrUpdate(DicomTag.MeasuredValueSequence, measured), children);
    }

    private static DicomDataset Item(string relationship, string type, SrCode name) => new DicomDataset()
        .AddOrUpdate(DicomTag.RelationshipType, relationship)
        .AddOrUpdate(DicomTag.ValueType, type)
        .AddOrUpdate(DicomTag.ConceptNameCodeSequence, name.Item);

    private static DicomDataset With(DicomDataset item, IEnumerable<DicomDataset> children)
    {
        var all = children.ToArray();
        return all.Length == 0 ? item : item.AddOrUpdate(DicomTag.ContentSequence, all.AsSpan());
    }
}
