using System.Runtime.InteropServices;

namespace BoneMet.Dicom;

/// <summary>JPEG 2000 by the system's libopenjp2 (2.5, which decodes HTJ2K too). Only called in the worker process.</summary>
internal static unsafe class OpenJpeg
{
    private const string Library = "libopenjp2.so.7";
    private const int RawCodeStream = 0;
    private const int ParameterBytes = 16 * 1024;

    public static int[] Decode(byte[] stream, int columns, int rows, int samples)
    {
        var source = new Source { Data = stream };
        var handle = GCHandle.Alloc(source);
        nint codec = 0, input = 0;
        Image* image = null;
        var parameters = NativeMemory.AllocZeroed(ParameterBytes);
        try
        {
            codec = opj_create_decompress(RawCodeStream);
            input = opj_stream_default_create(1);
            if (codec == 0 || input == 0) { throw new DicomException("OpenJPEG could not be started."); }
            opj_set_default_decoder_parameters(parameters);
            _ = opj_set_error_handler(codec, &OnError, GCHandle.ToIntPtr(handle));
            opj_stream_set_read_function(input, &Read);
            opj_stream_set_skip_function(input, &Skip);
            opj_stream_set_seek_function(input, &Seek);
            opj_stream_set_user_data(input, GCHandle.ToIntPtr(handle), 0);
            opj_stream_set_user_data_length(input, (ulong)stream.Length);
            if (opj_setup_decoder(codec, parameters) == 0 || opj_read_header(input, codec, &image) == 0 || opj_decode(codec, input, image) == 0)
            {
                throw new DicomException($"the JPEG 2000 stream is damaged: {source.Error ?? "OpenJPEG gives no reason"}");
            }
            return Collect(image, columns, rows, samples);
        }
        finally
        {
            if (image != null) { opj_image_destroy(image); }
            if (input != 0) { opj_stream_destroy(input); }
            if (codec != 0) { opj_destroy_codec(codec); }
            NativeMemory.Free(parameters);
            handle.Free();
        }
    }

    private static int[] Collect(Image* image, int columns, int rows, int samples)
    {
        if (image->Count != samples) { throw new DicomException($"the JPEG 2000 stream has {image->Count} component(s) of {samples}."); }
        var values = new int[checked(columns * rows * samples)];
        for (var c = 0; c < samples; c++)
        {
            ref var component = ref image->Components[c];
            if (component.Data == null || component.Width == 0 || component.Height == 0) { throw new DicomException($"the JPEG 2000 stream holds nothing of component {c + 1}."); }
            for (var y = 0; y < rows; y++)
            {
                var row = component.Data + (Math.Min(y / (long)component.Dy, component.Height - 1) * component.Width);
                for (var x = 0; x < columns; x++) { values[(((y * columns) + x) * samples) + c] = row[Math.Min(x / component.Dx, component.Width - 1)]; }
            }
        }
        return values;
    }

    private static Source Of(nint user) => (Source)GCHandle.FromIntPtr(user).Target!;

    [UnmanagedCallersOnly]
    private static nint Read(byte* buffer, nint count, nint user)
    {
        var source = Of(user);
        var part = (int)Math.Min(count, source.Data.Length - source.Position);
        if (part <= 0) { return -1; }
        source.Data.AsSpan(source.Position, part).CopyTo(new Span<byte>(buffer, part));
        source.Position += part;
        return part;
    }

    [UnmanagedCallersOnly]
    private static long Skip(long count, nint user)
    {
        var source = Of(user);
        var target = Math.Clamp(source.Position + count, 0, source.Data.Length);
        var moved = target - source.Position;
        source.Position = (int)target;
        return moved == 0 && count != 0 ? -1 : moved;
    }

    [UnmanagedCallersOnly]
    private static int Seek(long position, nint user)
    {
        var source = Of(user);
        if (position < 0 || position > source.Data.Length) { return 0; }
        source.Position = (int)position;
        return 1;
    }

    [UnmanagedCallersOnly]
    private static void OnError(byte* message, nint user) => Of(user).Error ??= Marshal.PtrToStringUTF8((nint)message)?.Trim();

    private sealed class Source
    {
        public required byte[] Data { get; init; }

        public int Position { get; set; }

        public string? Error { get; set; }
    }

    /// <summary>opj_image_t</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Image
    {
        public uint X0;
        public uint Y0;
        public uint X1;
        public uint Y1;
        public uint Count;
        public int ColourSpace;
        public Component* Components;
        public byte* Profile;
        public uint ProfileLength;
    }

    /// <summary>opj_image_comp_t</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Component
    {
        public uint Dx;
        public uint Dy;
        public uint Width;
        public uint Height;
        public uint X0;
        public uint Y0;
        public uint Precision;
        public uint BitsPerPixel;
        public uint Signed;
        public uint Resolutions;
        public uint Factor;
        public int* Data;
        public ushort Alpha;
    }

#pragma warning disable IDE1006 // names are those of the C library
    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint opj_create_decompress(int format);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint opj_stream_default_create(int isInput);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void opj_set_default_decoder_parameters(void* parameters);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int opj_set_error_handler(nint codec, delegate* unmanaged<byte*, nint, void> handler, nint user);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void opj_stream_set_read_function(nint stream, delegate* unmanaged<byte*, nint, nint, nint> read);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void opj_stream_set_skip_function(nint stream, delegate* unmanaged<long, nint, long> skip);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void opj_stream_set_seek_function(nint stream, delegate* unmanaged<long, nint, int> seek);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void opj_stream_set_user_data(nint stream, nint user, nint free);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void opj_stream_set_user_data_length(nint stream, ulong length);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int opj_setup_decoder(nint codec, void* parameters);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int opj_read_header(nint stream, nint codec, Image** image);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int opj_decode(nint codec, nint stream, Image* image);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void opj_image_destroy(Image* image);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void opj_stream_destroy(nint stream);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void opj_destroy_codec(nint codec);
#pragma warning restore IDE1006
}
