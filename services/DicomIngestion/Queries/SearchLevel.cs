namespace BoneMet.DicomIngestion.Queries;

internal enum SearchLevel
{
    Study,
    Series,
    Instance,
}
