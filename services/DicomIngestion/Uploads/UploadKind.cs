namespace BoneMet.DicomIngestion.Uploads;

internal enum UploadKind
{
    SingleFile,
    Zip,
    Multipart,
}
