using BoneMet.Dicom;

namespace BoneMet.NomogramAggregation.DicomReports;

/// <summary>A coded entry (PS3.3 8.8).</summary>
internal sealed record SrCode(string Value, string Scheme, string Meaning)
{
    /// <summary>Scheme of codes that no public terminology has.</summary>
    public const string Own = "99BONEMET";

    public DicomDataset Item => new DicomDataset()
        .AddOrUpdate(DicomTag.CodeValue, Value)
        .AddOrUpdate(DicomTag.CodingSchemeDesignator, Scheme)
        .AddOrUpdate(DicomTag.CodeMeaning, Meaning);

    public static SrCode Dcm(string value, string meaning) => new(value, "DCM", meaning);

    public static SrCode Sct(string value, string meaning) => new(value, "SCT", meaning);

    public static SrCode Ours(string value, string meaning) => new(value, Own, meaning);
}
