using System.IO.Compression;
using System.Runtime.CompilerServices;
using BoneMet.DicomIngestion.Spooling;
using BoneMet.Hosting;
using BoneMet.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BoneMet.DicomIngestion.Uploads;

/// <summary>Takes a request body apart: one DICOM file, a zip, multipart/related or multipart/form-data. Every limit is checked on what really comes, not on what is declared.</summary>
internal sealed class UploadReader(Spool spool, IOptions<IngestionOptions> options)
{
    private const long RatioFrom = 64L << 20;
    private const int PartBuffer = 64 * 1024;
    private const int PreambleLength = 128;
    private const int SniffLength = PreambleLength + 4;
    private readonly IngestionOptions limits = options.Value;

    private long MaxUnpacked => (long)limits.MaxUnpackedMiB << 20;

    private long MaxUpload => (long)limits.MaxUploadMiB << 20;

    /// <exception cref="ProblemException">The body is no such thing, is truncated, too large, or a bomb; nothing of it stays.</exception>
    public async Task<Upload> Read(string? contentType, string? fileName, Stream body, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) { throw Problems.UnsupportedMedia("unsupported-media-type", "Send application/dicom, application/zip, multipart/related or multipart/form-data."); }
        var media = type.MediaType.Value!.ToLowerInvariant();
        try
        {
            return media switch
            {
                "application/dicom" or "application/octet-stream" => await Single(fileName ?? "the uploaded file", body, cancellation),
                "application/zip" or "application/x-zip-compressed" => await Zip(fileName ?? "the uploaded archive", body, cancellation),
                "multipart/related" or "multipart/form-data" => await Multipart(type, body, cancellation),
                _ => throw Problems.UnsupportedMedia("unsupported-media-type", $"'{media}' is not taken here: send application/dicom, application/zip, multipart/related or multipart/form-data."),
            };
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status400BadRequest)
        {
            throw Problems.BadRequest("upload-truncated", "The upload ended before the length that was announced; nothing of it was kept. Send it again.");
        }
        catch (BlobTooLargeException)
        {
            throw Problems.TooLarge("upload-too-large", $"The upload is larger than {limits.MaxUploadMiB} MiB; nothing of it was kept.");
        }
    }

    private async Task<Upload> Single(string name, Stream body, CancellationToken cancellation)
    {
        var file = await spool.Receive(name, body, MaxUpload, cancellation);
        if (file.Length == 0)
        {
            file.Dispose();
            throw Problems.BadRequest("empty-upload", "The request has no body.");
        }
        if (!await LooksLikeZip(file.Path, cancellation)) { return new Upload(UploadKind.SingleFile, [file], []); }
        using (file)
        {
            return await Unzip(file, cancellation);
        }
    }

    private async Task<Upload> Zip(string name, Stream body, CancellationToken cancellation)
    {
        using var archive = await spool.Receive(name, body, MaxUpload, cancellation);
        if (archive.Length == 0) { throw Problems.BadRequest("empty-upload", "The request has no body."); }
        return await Unzip(archive, cancellation);
    }

    private async Task<Upload> Unzip(SpooledFile archive, CancellationToken cancellation)
    {
        var items = new List<SpooledFile>();
        var ignored = new List<string>();
        try
        {
            await using var file = new FileStream(archive.Path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            if (zip.Entries.Count > limits.MaxItems) { throw Problems.Unprocessable("too-many-items", $"The archive has {zip.Entries.Count} entries; {limits.MaxItems} are allowed in one upload."); }
            var unpacked = 0L;
            foreach (var entry in zip.Entries)
            {
                if (entry.Name.Length == 0) { continue; }
                var name = Printable(entry.FullName);
                if (entry.IsEncrypted) { throw Problems.Unprocessable("archive-encrypted", $"'{name}' in the archive is encrypted."); }
                await using var content = entry.Open();
                // The number of bytes that come out decides: the declared sizes are the sender's claim.
                var allowance = Math.Min(MaxUnpacked, Math.Max(RatioFrom, archive.Length * limits.MaxUnpackRatio)) - unpacked;
                var item = await Receive(name, content, allowance, cancellation);
                unpacked += item.Length;
                if (await LooksLikeDicom(item.Path, cancellation) || IsClaimedDicom(name)) { items.Add(item); }
                else
                {
                    item.Dispose();
                    ignored.Add(name);
                }
            }
            if (items.Count == 0) { throw Problems.Unprocessable("no-dicom-in-archive", $"None of the {ignored.Count} files in the archive is a DICOM file."); }
            return new Upload(UploadKind.Zip, items, ignored);
        }
        catch (InvalidDataException)
        {
            Discard(items);
            throw Problems.BadRequest("archive-unreadable", $"'{archive.Name}' is not a complete zip archive: it is truncated or damaged. Nothing of it was kept.");
        }
        catch
        {
            Discard(items);
            throw;
        }
    }

    private async Task<SpooledFile> Receive(string name, Stream content, long allowance, CancellationToken cancellation)
    {
        try
        {
            return await spool.Receive(name, content, Math.Max(0, allowance), cancellation);
        }
        catch (BlobTooLargeException)
        {
            throw Problems.TooLarge("zip-bomb", $"'{name}' unpacks the archive beyond {limits.MaxUnpackRatio} times its size or beyond {limits.MaxUnpackedMiB} MiB; nothing of it was kept.");
        }
    }

    private async Task<Upload> Multipart(MediaTypeHeaderValue type, Stream body, CancellationToken cancellation)
    {
        var items = new List<SpooledFile>();
        var ignored = new List<string>();
        try
        {
            var reader = Parts(type, body);
            var total = 0L;
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (items.Count + ignored.Count >= limits.MaxItems) { throw Problems.Unprocessable("too-many-items", $"The upload has more than {limits.MaxItems} parts."); }
                var disposition = section.GetContentDispositionHeader();
                var name = disposition is { } given && (given.FileNameStar.HasValue || given.FileName.HasValue)
                    ? Printable(HeaderUtilities.RemoveQuotes(given.FileNameStar.HasValue ? given.FileNameStar : given.FileName).Value ?? "")
                    : $"part {items.Count + ignored.Count + 1}";
                var item = await spool.Receive(name, section.Body, MaxUpload - total, cancellation);
                total += item.Length;
                if (disposition?.IsFormDisposition() == true)
                {
                    item.Dispose();
                    ignored.Add(name);
                    continue;
                }
                if (await LooksLikeZip(item.Path, cancellation))
                {
                    using (item)
                    {
                        var unzipped = await Unzip(item, cancellation);
                        items.AddRange(unzipped.Items);
                        ignored.AddRange(unzipped.Ignored);
                    }
                    continue;
                }
                items.Add(item);
            }
            if (items.Count == 0) { throw Problems.BadRequest("empty-upload", "The multipart body has no file in it."); }
            return new Upload(UploadKind.Multipart, items, ignored);
        }
        catch (Exception fault) when (fault is InvalidDataException || (fault is IOException && fault is not DiskFullException and not BlobTooLargeException and not Microsoft.AspNetCore.Http.BadHttpRequestException))
        {
            Discard(items);
            throw Problems.BadRequest("upload-truncated", $"The multipart body ends early or is malformed after {items.Count} complete parts; nothing of it was kept. Send it again.");
        }
        catch
        {
            Discard(items);
            throw;
        }
    }

    /// <summary>The parts of a multipart body.</summary>
    /// <exception cref="ProblemException">The type has no boundary.</exception>
    public static MultipartReader Parts(MediaTypeHeaderValue type, Stream body)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 200) { throw Problems.BadRequest("multipart-without-boundary", "The multipart content type has no usable boundary."); }
        return new MultipartReader(boundary, body, PartBuffer) { HeadersCountLimit = 32, HeadersLengthLimit = 16 * 1024 };
    }

    /// <summary>The parts of a multipart/related body one by one, each to be disposed by the caller: the next is received while the last is being stored.</summary>
    /// <exception cref="ProblemException">The body is truncated, malformed or too large; what came before has been handed out.</exception>
    public async IAsyncEnumerable<ReceivedItem> Stream(MediaTypeHeaderValue type, Stream body, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = Parts(type, body);
        var (count, total) = (0, 0L);
        while (await Next(reader, count, MaxUpload - total, cancellation) is { } item)
        {
            total += item.Memory?.Length ?? item.File!.Length;
            if (++count > limits.MaxItems)
            {
                item.Dispose();
                throw Problems.Unprocessable("too-many-items", $"The upload has more than {limits.MaxItems} parts.");
            }
            yield return item;
        }
        if (count == 0) { throw Problems.BadRequest("empty-upload", "The multipart body has no file in it."); }
    }

    private async Task<ReceivedItem?> Next(MultipartReader reader, int before, long allowance, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellation) is { } section ? await spool.ReceiveItem($"part {before + 1}", section.Body, Math.Max(0, allowance), cancellation) : null;
        }
        catch (BlobTooLargeException)
        {
            throw Problems.TooLarge("upload-too-large", $"The upload is larger than {limits.MaxUploadMiB} MiB; of its parts the first {before} were looked at.");
        }
        catch (Exception fault) when (fault is InvalidDataException || (fault is IOException && fault is not DiskFullException && (fault as Microsoft.AspNetCore.Http.BadHttpRequestException)?.StatusCode is null or StatusCodes.Status400BadRequest))
        {
            throw Problems.BadRequest("upload-truncated", $"The multipart body ends early or is malformed after {before} complete parts, which were looked at and stored where they are good. Send it again: what is held is recognised.");
        }
    }

    private static void Discard(List<SpooledFile> items)
    {
        foreach (var item in items) { item.Dispose(); }
        items.Clear();
    }

    private static bool IsClaimedDicom(string name) => name.EndsWith(".dcm", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".dicom", StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> LooksLikeZip(string path, CancellationToken cancellation)
    {
        var head = await Head(path, cancellation);
        return head.AsSpan().StartsWith("PK\u0003\u0004"u8) && !IsPart10(head);
    }

    /// <summary>Part 10 by its prefix; without one, a data set that begins with a plausible first element of group 0002 or 0008 in little or big endian.</summary>
    private static async Task<bool> LooksLikeDicom(string path, CancellationToken cancellation)
    {
        var head = await Head(path, cancellation);
        return IsPart10(head) || (head.Length >= 8 && ((head[1] == 0 && head[0] is 2 or 8 && head[3] == 0) || (head[0] == 0 && head[1] is 2 or 8 && head[2] == 0)));
    }

    private static bool IsPart10(byte[] head) => head.Length == SniffLength && head.AsSpan(PreambleLength).SequenceEqual("DICM"u8);

    private static async Task<byte[]> Head(string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var head = new byte[SniffLength];
        var length = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        return length == head.Length ? head : head[..length];
    }

    /// <summary>A name as it may appear in a message: no control characters, not endless.</summary>
    private static string Printable(string name)
    {
        var clean = string.Concat(name.Where(c => !char.IsControl(c)));
        return clean.Length > 120 ? clean[..120] + "…" : clean;
    }
}
