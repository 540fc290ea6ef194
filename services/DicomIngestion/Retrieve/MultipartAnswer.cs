using System.Text;

namespace BoneMet.DicomIngestion.Retrieve;

/// <summary>A multipart/related answer whose parts are written one after the other, never held together.</summary>
internal static class MultipartAnswer
{
    /// <param name="type">Media type of the parts, as the answer's header names it.</param>
    /// <param name="parts">Content-Type of each part, and what writes it.</param>
    /// <param name="cancellation">Ends the answer.</param>
    public static IResult Of(string type, IEnumerable<(string ContentType, Func<Stream, Task> Write)> parts, CancellationToken cancellation)
    {
        var boundary = $"bonemet-{Guid.NewGuid():N}";
        return Results.Stream(
            async stream =>
            {
                foreach (var (contentType, write) in parts)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"--{boundary}\r\nContent-Type: {contentType}\r\n\r\n"), cancellation);
                    await write(stream);
                    await stream.WriteAsync("\r\n"u8.ToArray(), cancellation);
                }
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"), cancellation);
            },
            $"multipart/related; type=\"{type}\"; boundary={boundary}");
    }
}
