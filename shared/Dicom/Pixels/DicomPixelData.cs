using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace BoneMet.Dicom;

/// <summary>The pixel data of an object: its shape, and its frames decoded one at a time.</summary>
public sealed class DicomPixelData
{
    private readonly DicomDataset _dataset;
    private readonly DicomTransferSyntax _syntax;
    private readonly DicomItem _item;
    private DicomElement[][]? _frames;

    private DicomPixelData(DicomDataset dataset, DicomTransferSyntax syntax, PixelShape shape, DicomItem item) => (_dataset, _syntax, Shape, _item) = (dataset, syntax, shape, item);

    public PixelShape Shape { get; }

    /// <summary>What was wrong but could be read: pixel data shorter than they should be.</summary>
    public string? Warning { get; private set; }

    /// <summary>True when the samples are of Float or Double Float Pixel Data: use <see cref="GetFloatFrame"/>.</summary>
    public bool IsFloat => _item.Tag != DicomTag.PixelData;

    /// <exception cref="DicomException">There are no pixel data, or their description is impossible.</exception>
    public static DicomPixelData Create(DicomFile file) => Create(file.Dataset, file.TransferSyntax);

    /// <exception cref="DicomException">There are no pixel data, or their description is impossible.</exception>
    public static DicomPixelData Create(DicomDataset dataset, DicomTransferSyntax syntax)
    {
        var item = dataset.Find(DicomTag.PixelData) ?? dataset.Find(DicomTag.FloatPixelData) ?? dataset.Find(DicomTag.DoubleFloatPixelData)
            ?? throw new DicomException("the object has no pixel data.");
        if (item is DicomElement { Length: 0 }) { throw new DicomException("Pixel Data (7FE0,0010) are empty: there are no frames."); }
        return new DicomPixelData(dataset, syntax, PixelShape.Of(dataset), item);
    }

    /// <summary>Decodes a frame, numbered from 0. YBR of JPEG and JPEG 2000 comes as RGB; other photometric interpretations as stored.</summary>
    /// <exception cref="DicomException">The frame is missing, damaged, not what the description says, or in a coding that is not supported.</exception>
    public DicomFrame GetFrame(int frame)
    {
        if (frame < 0 || frame >= Shape.Frames) { throw new DicomException($"frame {frame + 1} was asked for; the object has {Shape.Frames}."); }
        if (IsFloat) { throw new DicomException($"{_item.Tag.Keyword} hold floating-point samples."); }
        if (_item is DicomElement native) { return Native(native, frame); }
        var bytes = GetEncodedFrame(frame);
        try
        {
            var (values, photometric) = Decode(bytes);
            return new DicomFrame(Shape.Columns, Shape.Rows, Shape.SamplesPerPixel, photometric, values);
        }
        catch (DicomException fault)
        {
            var offset = _frames![frame][0].FileOffset;
            throw new DicomException($"frame {frame + 1}: {fault.Message}{(offset is { } at ? $" (its code stream begins at byte {at})" : "")}", fault);
        }
    }

    /// <summary>Samples of Float or Double Float Pixel Data.</summary>
    public double[] GetFloatFrame(int frame)
    {
        if (frame < 0 || frame >= Shape.Frames) { throw new DicomException($"frame {frame + 1} was asked for; the object has {Shape.Frames}."); }
        var element = (DicomElement)_item;
        var unit = element.Tag == DicomTag.FloatPixelData ? 4 : 8;
        var length = (long)Shape.SamplesPerFrame * unit;
        if ((frame + 1) * length > element.Length) { throw new DicomException($"{element.Tag.Keyword} have {element.Length} bytes; frame {frame + 1} needs {(frame + 1) * length}."); }
        var bytes = new byte[length];
        element.Read(frame * length, bytes);
        var values = new double[Shape.SamplesPerFrame];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = unit == 4 ? BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i)) : BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 * i));
        }
        return values;
    }

    /// <summary>The code stream of an encapsulated frame, or the bytes of a native one.</summary>
    public byte[] GetEncodedFrame(int frame)
    {
        if (_item is DicomElement native)
        {
            var bits = NativePixels.FrameBits(Shape);
            var first = frame * bits / 8;
            var bytes = new byte[Math.Max(0, Math.Min(((frame + 1) * bits + 7) / 8, native.Length) - first)];
            native.Read(first, bytes);
            return bytes;
        }
        _frames ??= EncapsulatedFrames.Split((DicomFragmentSequence)_item, Shape.Frames, _dataset);
        if (frame >= _frames.Length) { throw new DicomException($"frame {frame + 1} is missing: the pixel data hold {_frames.Length}."); }
        var length = _frames[frame].Sum(fragment => fragment.Length);
        if (length > Array.MaxLength) { throw new DicomException($"frame {frame + 1} has {length} bytes, more than can be decoded."); }
        var stream = new byte[length];
        var at = 0;
        foreach (var fragment in _frames[frame])
        {
            fragment.Read(0, stream.AsSpan(at, (int)fragment.Length));
            at += (int)fragment.Length;
        }
        return stream;
    }

    private DicomFrame Native(DicomElement element, int frame)
    {
        var bits = NativePixels.FrameBits(Shape);
        var needed = checked(((bits * Shape.Frames) + 7) / 8);
        var first = frame * bits;
        var firstByte = first / 8;
        var length = ((first + bits + 7) / 8) - firstByte;
        var there = Math.Clamp(element.Length - firstByte, 0, length);
        if (element.Length < needed)
        {
            // A few missing bytes are a cut-off end, which is shown; a quarter or more is another image than described.
            if (there < length - (length / 4)) { throw new DicomException($"Pixel Data (7FE0,0010) have {element.Length} bytes; {Shape.Frames} frame(s) of {Shape.Columns} x {Shape.Rows} need {needed}."); }
            Warning = $"Pixel Data (7FE0,0010) have {element.Length} bytes of {needed}; what is missing is read as 0";
        }
        var bytes = new byte[length];
        element.Read(firstByte, bytes.AsSpan(0, (int)there));
        return new DicomFrame(Shape.Columns, Shape.Rows, Shape.SamplesPerPixel, Shape.Photometric, NativePixels.Unpack(bytes, (int)(first % 8), Shape));
    }

    private (int[] Values, string Photometric) Decode(byte[] stream)
    {
        switch (_syntax.Pixels)
        {
            case PixelEncoding.Rle:
                return (RleDecoder.Decode(stream, Shape), Shape.Photometric);
            case PixelEncoding.EncapsulatedNative:
                if (stream.Length < (NativePixels.FrameBits(Shape) + 7) / 8) { throw new DicomException($"a frame has {stream.Length} bytes; {(NativePixels.FrameBits(Shape) + 7) / 8} are needed."); }
                return (NativePixels.Unpack(stream, 0, Shape), Shape.Photometric);
            case PixelEncoding.DeflatedFrame:
                return (NativePixels.Unpack(Inflate(stream), 0, Shape), Shape.Photometric);
            case PixelEncoding.Jpeg or PixelEncoding.JpegLs or PixelEncoding.Jpeg2000:
                return FrameCodec.Decode(stream, Shape, _syntax.Pixels);
            case PixelEncoding.Native:
                throw new DicomException($"Pixel Data are encapsulated although {_syntax.Name} is native.");
            default:
                throw new DicomException($"frames coded as {_syntax} cannot be decoded here.");
        }
    }

    private byte[] Inflate(byte[] stream)
    {
        var length = (NativePixels.FrameBits(Shape) + 7) / 8;
        if (length > (1032L * stream.Length) + 64) { throw new DicomException($"a deflated frame of {stream.Length} bytes cannot hold {length}."); }
        var bytes = new byte[length];
        try
        {
            using var inflate = new DeflateStream(new MemoryStream(stream, writable: false), CompressionMode.Decompress);
            inflate.ReadExactly(bytes);
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw new DicomException($"a deflated frame is damaged: {fault.Message}", fault);
        }
        return bytes;
    }
}
