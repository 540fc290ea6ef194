using System.Globalization;
using System.Text;
using BoneMet.Hosting;
using BoneMet.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace BoneMet.PathologyTiling.ReceiveSlide;

/// <summary>Takes the slide out of a request: the body itself, or the one file of a multipart/form-data body, whose field <c>mpp</c> may state the resolution. Never in memory.</summary>
internal static class SlideUpload
{
    private const int MaxField = 64;
    private const int MaxSections = 16;

    public static async Task<(StoredBlob Blob, double? Stated)> Read(HttpRequest request, IBlobStore blobs, long maxBytes, CancellationToken cancellation)
    {
        var stated = Resolution(request.Query["mpp"]);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            return (await ReceiveSlide.Store(request.Body, blobs, maxBytes, cancellation), stated);
        }
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (!type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) || boundary is not { Length: > 0 and <= 200 })
        {
            throw Problems.UnsupportedMedia("not-a-slide-upload", "Send the slide as the body itself, or as the one file of a multipart/form-data body with a boundary.");
        }

        StoredBlob? blob = null;
        var reader = new MultipartReader(boundary, request.Body);
        try
        {
            for (var n = 0; await reader.ReadNextSectionAsync(cancellation) is { } section; n++)
            {
                if (n == MaxSections) { throw Problems.BadRequest("too-many-parts", $"The body has more than {MaxSections} parts; one slide is taken at a time."); }
                var disposition = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var parsed) ? parsed : null;
                if (disposition is null || disposition.IsFileDisposition())
                {
                    if (blob is not null) { throw Problems.BadRequest("more-than-one-slide", "The body holds more than one file; one slide is taken at a time."); }
                    blob = await ReceiveSlide.Store(section.Body, blobs, maxBytes, cancellation);
                }
                else if (HeaderUtilities.RemoveQuotes(disposition.Name) == "mpp") { stated = Resolution(await Field(section.Body, cancellation)); }
            }
        }
        catch (InvalidDataException)
        {
            throw Problems.BadRequest("damaged-multipart", "The multipart body is damaged.");
        }
        catch (IOException fault) when (fault is not (BlobTooLargeException or DiskFullException) && fault.Message.Contains("Unexpected end of Stream", StringComparison.Ordinal))
        {
            throw Problems.BadRequest("upload-cut-off", "The upload ended before its last part was complete; nothing of it was kept.");
        }
        return (blob ?? throw Problems.BadRequest("no-slide", "The multipart body holds no file."), stated);
    }

    private static double? Resolution(string? text)
    {
        if (string.IsNullOrEmpty(text)) { return null; }
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Imaging.Slides.SlideLimits.IsBelievable(value)) { return value; }
        throw Problems.BadRequest("invalid-mpp", $"mpp must be the micrometres per pixel of the scan, from {Imaging.Slides.SlideLimits.MinMicronsPerPixel} to {Imaging.Slides.SlideLimits.MaxMicronsPerPixel}.");
    }

    private static async Task<string> Field(Stream body, CancellationToken cancellation)
    {
        var bytes = new byte[MaxField];
        var got = await body.ReadAtLeastAsync(bytes, MaxField, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(bytes, 0, got).Trim();
    }
}
