using BoneMet.DicomIngestion.Cases;

namespace BoneMet.DicomIngestion.Queries;

/// <summary>One study, series or instance.</summary>
internal sealed record SearchMatch(HeldInstance First, int Series, int StudyInstances, int SeriesInstances, IReadOnlyList<string> Modalities)
{
    /// <summary>Value of an attribute by keyword; null when it is not kept in the index.</summary>
    public string? Value(string keyword) => keyword switch
    {
        "StudyInstanceUID" => First.StudyUid,
        "SeriesInstanceUID" => First.SeriesUid,
        "SOPInstanceUID" => First.SopInstanceUid,
        "SOPClassUID" => First.SopClassUid,
        "Modality" => First.Modality,
        "ModalitiesInStudy" => string.Join('\\', Modalities),
        "NumberOfStudyRelatedSeries" => Series.ToString(System.Globalization.CultureInfo.InvariantCulture),
        "NumberOfStudyRelatedInstances" => StudyInstances.ToString(System.Globalization.CultureInfo.InvariantCulture),
        "NumberOfSeriesRelatedInstances" => SeriesInstances.ToString(System.Globalization.CultureInfo.InvariantCulture),
        "AvailableTransferSyntaxUID" => First.TransferSyntaxUid,
        _ => First.Attributes.GetValueOrDefault(keyword),
    };
}
