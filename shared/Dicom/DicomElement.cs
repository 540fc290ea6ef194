using System.Buffers.Binary;

namespace BoneMet.Dicom;

/// <summary>
/// A data element with a value. Bytes are little endian whatever the file's byte order. A large value of a file stays on disk:
/// ask for ranges or a stream instead of <see cref="Buffer"/> where it may be.
/// </summary>
public sealed class DicomElement : DicomItem
{
    private readonly object _store;
    private readonly long _offset;

    /// <param name="tag">Number of the element.</param>
    /// <param name="vr">Its value representation; not SQ.</param>
    /// <param name="value">Bytes as PS3.5 encodes them in little endian; kept, not copied.</param>
    public DicomElement(DicomTag tag, DicomVR vr, byte[] value) : base(tag, vr)
    {
        if (vr == DicomVR.SQ) { throw new DicomException($"{tag}: a sequence is made as DicomSequence."); }
        (_store, Length) = (value, value.Length);
    }

    internal DicomElement(DicomTag tag, DicomVR vr, object store, long offset, long length) : base(tag, vr) =>
        (_store, _offset, Length) = (store, offset, length);

    /// <summary>Length of the value in bytes.</summary>
    public long Length { get; }

    /// <summary>True when the value has been left on disk.</summary>
    public bool IsDeferred => _store is DicomSource;

    /// <summary>Byte offset in the file of a value that was left there.</summary>
    internal long? FileOffset => _store is DicomSource ? _offset : null;

    /// <summary>The value. Reads it from disk (every time) when it was left there.</summary>
    /// <exception cref="DicomException">The value does not fit an array; use <see cref="OpenStream"/>.</exception>
    public ReadOnlyMemory<byte> Buffer => _store switch
    {
        byte[] own => own.AsMemory((int)_offset, (int)Length),
        DicomWindow window => window.Data.AsMemory((int)_offset, (int)Length),
        DicomSource source => ReadAll(source),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The value as a stream; holds the file open until disposed when the value was left on disk.</summary>
    public Stream OpenStream() => _store is DicomSource source ? source.OpenRange(_offset, Length) : new MemoryStream(Buffer.ToArray(), writable: false);

    /// <summary>Copies part of the value.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset + destination.Length > Length) { throw new ArgumentOutOfRangeException(nameof(offset), $"{Tag} has {Length} bytes."); }
        if (_store is DicomSource source) { source.Read(_offset + offset, destination); }
        else { Buffer.Span.Slice((int)offset, destination.Length).CopyTo(destination); }
    }

    internal ReadOnlySpan<byte> Span => _store switch
    {
        byte[] own => own.AsSpan((int)_offset, (int)Length),
        DicomWindow window => window.Data.AsSpan((int)_offset, (int)Length),
        _ => Buffer.Span,
    };

    /// <summary>Offset of the value in a store, or null when it lies elsewhere.</summary>
    internal long? StoredIn(object store) => ReferenceEquals(_store, store) ? _offset : null;

    /// <summary>The same element under another tag or VR.</summary>
    internal DicomElement As(DicomTag tag, DicomVR vr) => new(tag, vr, _store, _offset, Length);

    /// <summary>The value with its bytes reversed in units of another size than they were when it was read from a big endian file.</summary>
    internal DicomElement Reswapped(int was, int unit)
    {
        if (_store is DicomSource source) { return new DicomElement(Tag, VR, source.Swapped(unit), _offset, Length); }
        var bytes = Span.ToArray();
        ByteOrder.Swap(bytes, was);
        ByteOrder.Swap(bytes, unit);
        return new DicomElement(Tag, VR, bytes);
    }

    internal void CopyTo(Stream output, int swapUnit)
    {
        if (_store is not DicomSource source && swapUnit <= 1)
        {
            output.Write(Span);
            return;
        }
        var chunk = new byte[(int)Math.Min(Length, 1 << 16)];
        for (var done = 0L; done < Length;)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, Length - done));
            Read(done, part);
            ByteOrder.Swap(part, swapUnit);
            output.Write(part);
            done += part.Length;
        }
    }

    /// <summary>Number of values: numbers by size, text by backslash; 0 when empty.</summary>
    public int Count => VR.Kind switch
    {
        DicomVRKind.Number => (int)(Length / VR.UnitSize),
        DicomVRKind.Tag => (int)(Length / 4),
        DicomVRKind.Binary => Length == 0 ? 0 : 1,
        _ => Length == 0 ? 0 : VR.IsMultiple ? Span.Count((byte)'\\') + 1 : 1,
    };

    internal double Number(int index)
    {
        var span = Span;
        return VR.Code switch
        {
            "US" or "OW" => BinaryPrimitives.ReadUInt16LittleEndian(span[(2 * index)..]),
            "SS" => BinaryPrimitives.ReadInt16LittleEndian(span[(2 * index)..]),
            "UL" or "OL" => BinaryPrimitives.ReadUInt32LittleEndian(span[(4 * index)..]),
            "SL" => BinaryPrimitives.ReadInt32LittleEndian(span[(4 * index)..]),
            "UV" or "OV" => BinaryPrimitives.ReadUInt64LittleEndian(span[(8 * index)..]),
            "SV" => BinaryPrimitives.ReadInt64LittleEndian(span[(8 * index)..]),
            "FL" or "OF" => BinaryPrimitives.ReadSingleLittleEndian(span[(4 * index)..]),
            "FD" or "OD" => BinaryPrimitives.ReadDoubleLittleEndian(span[(8 * index)..]),
            "OB" => span[index],
            _ => throw new DicomException($"{Tag} has VR {VR}, which holds no binary numbers."),
        };
    }

    private byte[] ReadAll(DicomSource source)
    {
        if (Length > Array.MaxLength) { throw new DicomException($"{Tag} has {Length} bytes, more than an array holds: read it as a stream."); }
        var value = GC.AllocateUninitializedArray<byte>((int)Length);
        source.Read(_offset, value);
        return value;
    }
}
