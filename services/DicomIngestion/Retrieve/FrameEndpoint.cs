using System.Globalization;
using BoneMet.Dicom;
using BoneMet.Hosting;

namespace BoneMet.DicomIngestion.Retrieve;

/// <summary>WADO-RS frames (PS3.18 10.4.1.1.6): as they are stored where the client takes that coding, decoded where it wants plain samples.</summary>
internal static class FrameEndpoint
{
    private const string Octets = "application/octet-stream";
    private const string PlainSyntax = "1.2.840.10008.1.2.1";

    public static void MapFrames(this IEndpointRouteBuilder routes) =>
        routes.MapGet($"{WadoEndpoints.Instance}/frames/{{frames}}", Frames).WithSummary("WADO-RS: retrieve frames").WithTags("DICOMweb").RequireCaller();

    private static async Task<IResult> Frames(HttpContext context, string frames, HeldObjects objects, CancellationToken cancellation)
    {
        var instance = (await objects.Named(context, cancellation))[0];
        var file = await objects.Open(instance, cancellation);
        return Answer(context, file, Numbers(frames, instance.Frames), cancellation);
    }

    /// <summary>The frames in the first form of the Accept header that they can be given in.</summary>
    /// <exception cref="ProblemException">404: no pixels; 406: none of the forms is possible.</exception>
    public static IResult Answer(HttpContext context, DicomFile file, IReadOnlyList<int> numbers, CancellationToken cancellation)
    {
        var pixels = Pixels(file);
        // Native samples are little endian in memory, whatever the file's byte order was.
        var syntax = file.TransferSyntax.IsEncapsulated ? file.TransferSyntax.UID.UID : PlainSyntax;
        var stored = file.TransferSyntax.IsEncapsulated ? $"image/{Coding(file.TransferSyntax)}" : Octets;
        foreach (var entry in AcceptedType.Of(context.Request))
        {
            var takesCoding = entry.Takes(stored) || (entry.Content == Octets && entry.TransferSyntax is not null);
            if (takesCoding && (entry.TransferSyntax is null or "*" || entry.TransferSyntax == syntax))
            {
                return Write(entry, stored, syntax, numbers, number => pixels.GetEncodedFrame(number - 1), cancellation);
            }
            if (entry.Takes(Octets) && (entry.TransferSyntax is null or PlainSyntax) && !pixels.IsFloat)
            {
                var first = Decoded(pixels, numbers[0]);
                return Write(entry, Octets, PlainSyntax, numbers, number => number == numbers[0] ? first : Decoded(pixels, number), cancellation);
            }
        }
        throw Problems.Of(StatusCodes.Status406NotAcceptable, "not-acceptable", $"These frames are given as {stored} (transfer syntax {syntax}) or as {Octets} in Explicit VR Little Endian.");
    }

    /// <summary>Numbers such as <c>1,3</c>, counted from 1.</summary>
    public static int[] Numbers(string frames, int count)
    {
        var numbers = frames.Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
        return numbers.All(number => number >= 1 && number <= count) ? numbers : throw Problems.NotFound("frame-not-found", $"Frames are numbered from 1 to {count}.");
    }

    private static IResult Write(AcceptedType entry, string type, string syntax, IReadOnlyList<int> numbers, Func<int, byte[]> frame, CancellationToken cancellation)
    {
        var named = $"{type}; transfer-syntax={syntax}";
        if (numbers.Count == 1 && !entry.IsMultipart && !entry.IsAny) { return Results.Bytes(frame(numbers[0]), named); }
        return MultipartAnswer.Of(type, numbers.Select(number => (named, (Func<Stream, Task>)(stream => stream.WriteAsync(frame(number), cancellation).AsTask()))), cancellation);
    }

    private static byte[] Decoded(DicomPixelData pixels, int number)
    {
        try
        {
            return pixels.GetFrame(number - 1).ToNative(pixels.Shape.BitsAllocated);
        }
        catch (DicomException fault)
        {
            throw Problems.Of(StatusCodes.Status406NotAcceptable, "cannot-be-decoded", $"Frame {number} cannot be decoded: {fault.Message}");
        }
    }

    private static DicomPixelData Pixels(DicomFile file)
    {
        try
        {
            return DicomPixelData.Create(file);
        }
        catch (DicomException fault)
        {
            throw Problems.NotFound("no-frames", $"This instance has no frames: {fault.Message}");
        }
    }

    private static string Coding(DicomTransferSyntax syntax) => syntax.Pixels switch
    {
        PixelEncoding.Jpeg => "jpeg",
        PixelEncoding.JpegLs => "jls",
        PixelEncoding.Jpeg2000 => "jp2",
        PixelEncoding.Rle => "dicom-rle",
        _ => "octet-stream",
    };
}
