using System.Text.Json;
using BoneMet.Dicom;
using BoneMet.DicomIngestion.Spooling;
using BoneMet.DicomIngestion.Uploads;
using BoneMet.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace BoneMet.DicomIngestion.ReceiveStudies;

/// <summary>
/// STOW-RS of metadata with bulk data (PS3.18 10.5.2): the first part is an array of data sets as DICOM JSON, the others are the values that its
/// BulkDataURIs name by their Content-Location. Only values as they stand in explicit VR little endian; compressed pixels are sent as application/dicom.
/// </summary>
internal sealed class JsonStudies(Spool spool)
{
    private const long LargestMetadata = 64L << 20;
    private const long LargestBulk = 512L << 20;
    private const int MostParts = 20_000;

    /// <summary>Each data set becomes a file, which goes the way of all uploads.</summary>
    /// <exception cref="ProblemException">The body is no such thing.</exception>
    public async Task<Upload> Read(MediaTypeHeaderValue type, Stream body, CancellationToken cancellation)
    {
        var bulk = new Dictionary<string, SpooledFile>(StringComparer.Ordinal);
        var items = new List<SpooledFile>();
        try
        {
            var reader = UploadReader.Parts(type, body);
            var metadata = await Metadata(await reader.ReadNextSectionAsync(cancellation), cancellation);
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (bulk.Count == MostParts) { throw Problems.Unprocessable("too-many-items", $"The upload has more than {MostParts} parts."); }
                await Take(section, bulk, cancellation);
            }
            using (metadata)
            {
                foreach (var dataset in metadata.RootElement.EnumerateArray()) { items.Add(Write(dataset, bulk, items.Count + 1)); }
            }
            if (items.Count == 0) { throw Problems.BadRequest("empty-upload", "The array of data sets is empty."); }
            return new Upload(UploadKind.Multipart, items, []);
        }
        catch (Exception fault)
        {
            foreach (var item in items) { item.Dispose(); }
            if (fault is InvalidDataException || (fault is IOException && fault is not Storage.DiskFullException and not Storage.BlobTooLargeException)) { throw Problems.BadRequest("upload-truncated", "The multipart body ends early or is malformed; nothing of it was kept. Send it again."); }
            if (fault is Storage.BlobTooLargeException) { throw Problems.TooLarge("bulk-data-too-large", $"A part is longer than {LargestBulk >> 20} MiB: send such objects as application/dicom."); }
            throw;
        }
        finally
        {
            foreach (var file in bulk.Values) { file.Dispose(); }
        }
    }

    private async Task<JsonDocument> Metadata(MultipartSection? section, CancellationToken cancellation)
    {
        if (section is null || !MediaTypeHeaderValue.TryParse(section.ContentType, out var type) || !type.MediaType.Equals("application/dicom+json", StringComparison.OrdinalIgnoreCase))
        {
            throw Problems.BadRequest("metadata-missing", "The first part must be application/dicom+json: the array of data sets.");
        }
        using var file = await spool.Receive("the metadata", section.Body, LargestMetadata, cancellation);
        await using var content = File.OpenRead(file.Path);
        try
        {
            var document = await JsonDocument.ParseAsync(content, new JsonDocumentOptions { MaxDepth = 1024 }, cancellation);
            if (document.RootElement.ValueKind == JsonValueKind.Array) { return document; }
            document.Dispose();
        }
        catch (JsonException fault)
        {
            throw Problems.BadRequest("metadata-unreadable", $"The metadata is not JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine}).");
        }
        throw Problems.BadRequest("metadata-unreadable", "The metadata must be a JSON array of data sets.");
    }

    private async Task Take(MultipartSection section, Dictionary<string, SpooledFile> bulk, CancellationToken cancellation)
    {
        var location = section.Headers?.TryGetValue("Content-Location", out var given) == true ? given.ToString() : "";
        if (location.Length == 0) { throw Problems.BadRequest("content-location-missing", "Each part after the metadata needs a Content-Location, by which a BulkDataURI names it."); }
        var type = MediaTypeHeaderValue.TryParse(section.ContentType, out var parsed) ? parsed : null;
        var syntax = type?.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("transfer-syntax", StringComparison.OrdinalIgnoreCase))?.Value.Value?.Trim('"');
        if (type?.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase) != true || (syntax is not null && syntax != DicomTransferSyntax.ExplicitVRLittleEndian.UID.UID))
        {
            throw Problems.UnsupportedMedia("bulk-data-type", "Bulk data must be application/octet-stream in explicit VR little endian; send compressed objects as application/dicom.");
        }
        var file = await spool.Receive("bulk data", section.Body, LargestBulk, cancellation);
        if (bulk.TryAdd(location, file)) { return; }
        file.Dispose();
        throw Problems.BadRequest("content-location-twice", "Two parts have the same Content-Location.");
    }

    /// <summary>A data set that cannot be read becomes a file that cannot be read either: it fails by itself, the others are stored.</summary>
    private SpooledFile Write(JsonElement json, Dictionary<string, SpooledFile> bulk, int number)
    {
        var path = spool.NewPath();
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
            try
            {
                var dataset = DicomJson.Parse(json, uri => bulk.TryGetValue(uri, out var value) ? File.ReadAllBytes(value.Path) : throw new DicomException("a BulkDataURI names no part."));
                new DicomFile(dataset, DicomTransferSyntax.ExplicitVRLittleEndian).Save(file);
            }
            catch (DicomException)
            {
                file.SetLength(0);
            }
            return new SpooledFile($"data set {number}", path, file.Position);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
