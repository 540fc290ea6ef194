using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace BoneMet.Dicom;

/// <summary>The inside of the worker process: reads a request, decodes, answers; limited in memory so that a bomb ends here and not in the service.</summary>
internal static class CodecServer
{
    /// <summary>Length of a request's header: code stream length, columns, rows, samples per pixel.</summary>
    public const int RequestHeader = 16;

    /// <summary>Length of an answer's header: 0 or 1 (failed), bytes that follow.</summary>
    public const int AnswerHeader = 8;

    private const long MaxData = 4L << 30;

    public static void Run(Stream input, Stream output)
    {
        Limit(Resource.Data, MaxData);
        Limit(Resource.Core, 0);
        var header = new byte[RequestHeader];
        while (input.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            var stream = new byte[length];
            input.ReadExactly(stream);
            try
            {
                var values = OpenJpeg.Decode(stream, BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)));
                Answer(output, 0, MemoryMarshal.AsBytes(values.AsSpan()));
            }
            catch (Exception fault) when (fault is DicomException or DllNotFoundException or EntryPointNotFoundException or OutOfMemoryException)
            {
                var reason = fault is DllNotFoundException ? "OpenJPEG (libopenjp2) is not installed: JPEG 2000 cannot be decoded." : fault.Message;
                Answer(output, 1, Encoding.UTF8.GetBytes(reason));
            }
        }
    }

    private static void Answer(Stream output, int status, ReadOnlySpan<byte> bytes)
    {
        Span<byte> header = stackalloc byte[AnswerHeader];
        BinaryPrimitives.WriteInt32LittleEndian(header, status);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], bytes.Length);
        output.Write(header);
        output.Write(bytes);
        output.Flush();
    }

    private static void Limit(Resource resource, long most)
    {
        var limit = new ResourceLimit { Soft = (ulong)most, Hard = (ulong)most };
        // A limit that cannot be set (a container that forbids it) leaves the parent's time-out and the container's own limits.
        _ = SetLimit(resource, ref limit);
    }

    [DllImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(Resource resource, ref ResourceLimit limit);

    private enum Resource
    {
        Data = 2,
        Core = 4,
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
