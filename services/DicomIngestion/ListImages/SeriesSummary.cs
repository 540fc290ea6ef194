namespace BoneMet.DicomIngestion.ListImages;

internal sealed record SeriesSummary(string StudyUid, string SeriesUid, string Modality, string? Description, int Instances);
