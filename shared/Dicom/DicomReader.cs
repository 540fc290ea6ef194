using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace BoneMet.Dicom;

/// <summary>
/// Reads data elements from memory or, window by window, from a file. Every step consumes at least eight bytes, nesting and the memory
/// for elements are bounded, and no length is believed before it has been compared with what is there.
/// </summary>
internal sealed class DicomReader : IDisposable
{
    private const uint Undefined = 0xFFFFFFFF;
    private const uint ItemTag = 0xFFFEE000;
    private const uint ItemEnd = 0xFFFEE00D;
    private const uint SequenceEnd = 0xFFFEE0DD;
    private const uint PixelData = 0x7FE00010;
    private const int WindowLength = 64 * 1024;
    private const int FirstWindowLength = 16 * 1024;

    private readonly DicomReadOptions _options;
    private readonly SafeFileHandle? _handle;
    private readonly DicomSource? _source;
    private readonly long _end;
    private readonly bool _ownsBuffer;
    private byte[] _buffer;
    private long _base;
    private int _count;
    private int _position;
    private object _store;
    private int _used;
    private bool _bigEndian;
    private long _budget;
    private DicomItem[] _pending = ArrayPool<DicomItem>.Shared.Rent(256);
    private int _pendingCount;

    /// <summary>Reads from memory. Elements refer to the array, which must not change.</summary>
    public DicomReader(byte[] data, int start, int length, bool bigEndian, DicomReadOptions options)
    {
        // Values are kept little endian: what must be swapped needs an array of its own.
        _buffer = bigEndian ? data.AsSpan(0, start + length).ToArray() : data;
        (_store, _position, _count, _end, _options) = (_buffer, start, start + length, start + length, options);
        _budget = Budget(length);
    }

    /// <summary>Reads from a file. <paramref name="source"/> is what large values are later read from.</summary>
    public DicomReader(SafeFileHandle handle, DicomSource source, long length, DicomReadOptions options)
    {
        (_handle, _source, _end, _options) = (handle, source, length, options);
        _buffer = ArrayPool<byte>.Shared.Rent(WindowLength);
        _ownsBuffer = true;
        _store = new DicomWindow();
        _budget = Budget(length);
        Slide(0, 1);
    }

    public long Position => _base + _position;

    public long Length => _end;

    /// <summary>The first fault, when the options say to keep what was readable.</summary>
    public DicomFileException? Fault { get; private set; }

    public void Dispose()
    {
        if (_pending.Length == 0) { return; }
        CloseWindow();
        if (_ownsBuffer) { ArrayPool<byte>.Shared.Return(_buffer); }
        ArrayPool<DicomItem>.Shared.Return(_pending, clearArray: true);
        _pending = [];
    }

    /// <summary>Up to <paramref name="count"/> bytes from here, without moving.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        Available(count);
        return _buffer.AsSpan(_position, Math.Min(count, _count - _position));
    }

    /// <summary>Text of an element that may lie in the window that is still open.</summary>
    public bool TryGetText(DicomDataset dataset, DicomTag tag, out string text)
    {
        text = dataset.TryGetElement(tag, out var element) ? System.Text.Encoding.Latin1.GetString(Bytes(element)).Trim('\0', ' ') : "";
        return text.Length > 0;
    }

    public void MoveTo(long position)
    {
        if (position >= _base && position <= _base + _count) { _position = (int)(position - _base); }
        else { Slide(position, 1); }
    }

    /// <summary>Reads a data set from here to the end, or only one group.</summary>
    public DicomDataset ReadDataset(bool explicitVr, bool bigEndian, ushort? onlyGroup = null)
    {
        _bigEndian = bigEndian;
        var dataset = new DicomDataset { FallbackCharacterSet = onlyGroup is null ? _options.FallbackCharacterSet : null };
        var start = _pendingCount;
        try
        {
            ReadElements(start, _end, definite: true, explicitVr, 0, onlyGroup);
        }
        catch (DicomFileException fault) when (_options.KeepReadable)
        {
            Fault ??= fault;
        }
        Complete(dataset, start);
        return dataset;
    }

    private static long Budget(long length) => (48L << 20) + (2 * length);

    /// <summary>Reads elements up to <paramref name="end"/> or an item delimiter; they are pending until the data set is completed.</summary>
    private void ReadElements(int start, long end, bool definite, bool explicitVr, int depth, ushort? onlyGroup = null)
    {
        var stop = depth == 0 ? _options.StopBefore?.Value ?? uint.MaxValue : uint.MaxValue;
        while (Position < end)
        {
            var at = Position;
            if (end - at < 8 || !Available(8))
            {
                if (depth == 0 && IsZeroRest(end)) { return; }
                throw Bad($"{end - at} bytes are left where a data element must begin", at);
            }
            var tag = ReadTag(_position);
            if (onlyGroup is { } group && tag >> 16 != group) { return; }
            if (tag >= stop && tag != uint.MaxValue) { return; }
            if (tag >> 16 == 0xFFFE)
            {
                if (tag == ItemEnd)
                {
                    _position += 8;
                    if (!definite) { return; }
                    continue;
                }
                if (tag == SequenceEnd)
                {
                    if (!definite) { return; }
                    _position += 8;
                    continue;
                }
                throw Bad($"{new DicomTag(tag)} stands where a data element must begin", at);
            }
            if (tag == 0 && depth == 0 && IsZeroRest(end)) { return; }
            ReadElement(start, tag, end, explicitVr, depth);
        }
        if (!definite) { throw Bad("an item of undefined length has no end", Position); }
    }

    private void ReadElement(int start, uint tag, long end, bool explicitVr, int depth)
    {
        var at = Position;
        DicomVR vr;
        uint length;
        int header;
        var implicitValue = !explicitVr;
        var number = new DicomTag(tag);
        if (explicitVr)
        {
            var (first, second) = (_buffer[_position + 4], _buffer[_position + 5]);
            var known = DicomVR.FromLetters(first, second);
            if (known is not null || IsLetters(first, second))
            {
                vr = known ?? DicomVR.UN;
                if (known is null || vr.HasLongLength)
                {
                    if (end - at < 12 || !Available(12)) { throw Bad($"{number} has no room for its length", at); }
                    length = ReadUInt32(_position + 8);
                    header = 12;
                }
                else
                {
                    length = _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_position + 6)) : BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_position + 6));
                    header = 8;
                }
            }
            else
            {
                // Writers exist that drop into implicit VR in the middle, or leave the VR field zero.
                length = ReadUInt32(_position + 4);
                header = 8;
                implicitValue = true;
                vr = DicomDictionary.VR(number);
                if (length != Undefined && !Fits(at + 8, length, end))
                {
                    length = _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_position + 6)) : BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_position + 6));
                }
            }
        }
        else
        {
            length = ReadUInt32(_position + 4);
            header = 8;
            vr = DicomDictionary.VR(number, signed: false);
            if (vr == DicomVR.US && DicomDictionary.IsAmbiguous(number) && PendingSigned(start)) { vr = DicomVR.SS; }
        }
        Spend(number, 72, at);

        if (length == Undefined)
        {
            _position += header;
            if (tag == PixelData || (vr.Kind == DicomVRKind.Binary && vr != DicomVR.UN && !implicitValue))
            {
                Push(ReadFragments(number, vr == DicomVR.OW ? DicomVR.OW : DicomVR.OB, end));
                return;
            }
            // UN of undefined length holds implicit VR little endian (PS3.5 6.2.2 note 4); other VRs so marked are sequences that lost their VR.
            var (keep, asImplicit) = (_bigEndian, implicitValue || (vr == DicomVR.UN && explicitVr && !LooksExplicit()));
            if (vr == DicomVR.UN && explicitVr) { _bigEndian = false; }
            var sequence = ReadSequence(number, end, definite: false, explicitVr && !asImplicit, depth);
            _bigEndian = keep;
            Push(sequence);
            return;
        }
        if (vr == DicomVR.SQ)
        {
            var valueEnd = at + header + length;
            if (valueEnd > end) { throw Bad($"{number} claims {length} bytes; {Math.Max(0, end - at - header)} are there", at); }
            _position += header;
            Push(ReadSequence(number, valueEnd, definite: true, explicitVr && !implicitValue, depth));
            return;
        }
        if (vr == DicomVR.UN && length >= 8 && explicitVr && DicomDictionary.VR(number) == DicomVR.SQ && TryReadUnknownSequence(number, at + header, length, end, depth)) { return; }
        ReadValue(number, vr, at + header, length, end, depth);
    }

    /// <summary>A sequence that a gateway passed on as UN (PS3.5 6.2.2 note 5): implicit little endian. When its bytes are none, nothing is read.</summary>
    private bool TryReadUnknownSequence(DicomTag tag, long valueAt, uint length, long end, int depth)
    {
        if (!Fits(valueAt, length, end)) { return false; }
        var (pending, bigEndian) = (_pendingCount, _bigEndian);
        try
        {
            _bigEndian = false;
            MoveTo(valueAt);
            Push(ReadSequence(tag, valueAt + length, definite: true, explicitVr: false, depth));
            return true;
        }
        catch (DicomFileException fault) when (!fault.Reason.Contains("deeper", StringComparison.Ordinal))
        {
            _pending.AsSpan(pending, _pendingCount - pending).Clear();
            _pendingCount = pending;
            MoveTo(valueAt);
            return false;
        }
        finally
        {
            _bigEndian = bigEndian;
        }
    }

    private void ReadValue(DicomTag tag, DicomVR vr, long valueAt, uint length, long end, int depth)
    {
        if (!Fits(valueAt, length, end))
        {
            var there = Math.Max(0, end - valueAt);
            var fault = Bad($"{tag} claims {length} bytes; {there} are there", valueAt);
            if (depth > 0 || tag.Value is not (PixelData or 0x7FE00008 or 0x7FE00009)) { throw fault; }
            Fault ??= CutShort(fault);
            length = (uint)there;
        }
        var swap = _bigEndian ? vr.UnitSize : 1;
        if (length <= _options.LargeValueLength || _source is null)
        {
            if (valueAt + length > _base + _count)
            {
                // The value runs over the window: start a new one at it, so that it lies in one piece.
                Slide(valueAt, (int)length);
            }
            var offset = (int)(valueAt - _base);
            if (swap > 1) { ByteOrder.Swap(_buffer.AsSpan(offset, (int)length), swap); }
            Push(new DicomElement(tag, vr, _store, offset, length));
            _position = offset + (int)length;
            _used = _position;
            return;
        }
        Push(new DicomElement(tag, vr, _source.Swapped(swap), valueAt, length));
        MoveTo(valueAt + length);
    }

    private DicomSequence ReadSequence(DicomTag tag, long end, bool definite, bool explicitVr, int depth)
    {
        if (depth >= _options.MaxDepth) { throw Bad($"{tag} nests sequences deeper than {_options.MaxDepth}", Position); }
        var sequence = new DicomSequence(tag);
        while (Position < end)
        {
            var at = Position;
            if (end - at < 8 || !Available(8)) { throw Bad($"{end - at} bytes are left in {tag} where an item must begin", at); }
            var item = ReadTag(_position);
            var length = ReadUInt32(_position + 4);
            if (item == SequenceEnd)
            {
                _position += 8;
                if (!definite) { return sequence; }
                continue;
            }
            if (item == ItemEnd)
            {
                _position += 8;
                continue;
            }
            if (item != ItemTag) { throw Bad($"{new DicomTag(item)} stands in {tag} where an item must begin", at); }
            _position += 8;
            Spend(tag, 96, at);
            var dataset = new DicomDataset { ItemOffset = at };
            var start = _pendingCount;
            var itemEnd = length == Undefined ? end : at + 8 + length;
            if (itemEnd > end) { throw Bad($"an item of {tag} claims {length} bytes; {end - at - 8} are there", at); }
            ReadElements(start, itemEnd, definite: length != Undefined, explicitVr, depth + 1);
            Complete(dataset, start);
            sequence.Add(dataset);
        }
        if (!definite) { throw Bad($"{tag} of undefined length has no end", Position); }
        return sequence;
    }

    private DicomFragmentSequence ReadFragments(DicomTag tag, DicomVR vr, long end)
    {
        DicomElement? table = null;
        var fragments = new List<DicomElement>();
        while (true)
        {
            var at = Position;
            if (end - at < 8 || !Available(8))
            {
                // Pixel data that miss only their end mark are whole; anything else is noted by the value that is cut short.
                Fault ??= CutShort(Bad($"{tag} has no end of its fragments", at));
                MoveTo(end);
                break;
            }
            var item = ReadTag(_position);
            var length = ReadUInt32(_position + 4);
            if (item == SequenceEnd)
            {
                _position += 8;
                break;
            }
            if (item != ItemTag || length == Undefined) { throw Bad($"{new DicomTag(item)} stands in {tag} where a fragment must begin", at); }
            Spend(tag, 72, at);
            _position += 8;
            var valueAt = at + 8;
            if (!Fits(valueAt, length, end))
            {
                Fault ??= CutShort(Bad($"a fragment of {tag} claims {length} bytes; {end - valueAt} are there", at));
                length = (uint)(end - valueAt);
            }
            DicomElement fragment;
            if (_source is null)
            {
                fragment = new DicomElement(tag, DicomVR.OB, _store, valueAt - _base, length);
                _position += (int)length;
                _used = Math.Max(_used, _position);
            }
            else
            {
                fragment = new DicomElement(tag, DicomVR.OB, _source, valueAt, length);
                MoveTo(valueAt + length);
            }
            if (table is null) { table = fragment; }
            else { fragments.Add(fragment); }
        }
        return new DicomFragmentSequence(tag, vr, table, [.. fragments]);
    }

    private void Push(DicomItem item)
    {
        if (_pendingCount == _pending.Length)
        {
            var larger = ArrayPool<DicomItem>.Shared.Rent(2 * _pendingCount);
            _pending.AsSpan(0, _pendingCount).CopyTo(larger);
            ArrayPool<DicomItem>.Shared.Return(_pending, clearArray: true);
            _pending = larger;
        }
        _pending[_pendingCount++] = item;
    }

    /// <summary>Moves pending items into their data set, in order of tags; of several with one tag the last stays.</summary>
    private void Complete(DicomDataset dataset, int start)
    {
        var items = _pending.AsSpan(start, _pendingCount - start);
        var ordered = true;
        for (var i = 1; i < items.Length && ordered; i++) { ordered = items[i - 1].Tag.Value < items[i].Tag.Value; }
        if (ordered) { dataset.Take(items.ToArray()); }
        else
        {
            var byTag = new SortedDictionary<uint, DicomItem>();
            foreach (var item in items) { byTag[item.Tag.Value] = item; }
            dataset.Take([.. byTag.Values]);
        }
        items.Clear();
        _pendingCount = start;
    }

    /// <summary>Pixel Representation among the items read so far, or of a data set around.</summary>
    private bool PendingSigned(int start)
    {
        for (var i = _pendingCount - 1; i >= start; i--)
        {
            if (_pending[i] is DicomElement element && element.Tag == DicomTag.PixelRepresentation)
            {
                return element.Length >= 2 && Bytes(element)[0] == 1;
            }
        }
        // Items around this one are still pending too: theirs are below.
        for (var i = start - 1; i >= 0; i--)
        {
            if (_pending[i] is DicomElement element && element.Tag == DicomTag.PixelRepresentation) { return element.Length >= 2 && Bytes(element)[0] == 1; }
        }
        return false;
    }

    private ReadOnlySpan<byte> Bytes(DicomElement element) => element.StoredIn(_store) is { } offset ? _buffer.AsSpan((int)offset, (int)element.Length) : element.Span;

    private static bool IsLetters(byte first, byte second) => (uint)(first - 'A') < 26 && (uint)(second - 'A') < 26;

    /// <summary>True when the first element of the item ahead has a VR.</summary>
    private bool LooksExplicit()
    {
        var ahead = Peek(16);
        return ahead.Length >= 14 && BinaryPrimitives.ReadUInt32LittleEndian(ahead) == 0xE000FFFE && DicomVR.FromLetters(ahead[12], ahead[13]) is not null;
    }

    private static bool Fits(long at, uint length, long end) => at + length <= end;

    private void Spend(DicomTag tag, int bytes, long at)
    {
        _budget -= bytes;
        if (_budget < 0) { throw new DicomFileException($"{tag}: the data set has more elements than its length justifies", at); }
    }

    private bool IsZeroRest(long end)
    {
        // Some writers pad the file with zeros; 64 KiB of them are accepted.
        var rest = end - Position;
        return rest <= WindowLength / 2 && !Peek((int)rest).ContainsAnyExcept((byte)0);
    }

    private uint ReadTag(int at)
    {
        var span = _buffer.AsSpan(at, 4);
        return _bigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(span)
            : ((uint)BinaryPrimitives.ReadUInt16LittleEndian(span) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(span[2..]);
    }

    private uint ReadUInt32(int at) => _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(at, 4)) : BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(at, 4));

    /// <summary>True when so many bytes can be read at the position; moves the window when needed.</summary>
    private bool Available(int count)
    {
        if (_position + count <= _count) { return true; }
        if (_handle is null || _base + _count >= _end) { return false; }
        Slide(Position, count);
        return _position + count <= _count;
    }

    private void Slide(long position, int atLeast)
    {
        if (_handle is null)
        {
            _position = (int)Math.Min(position, _count);
            return;
        }
        CloseWindow();
        _store = new DicomWindow();
        _used = 0;
        if (_buffer.Length < atLeast)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(atLeast);
        }
        (_base, _position, _count) = (position, 0, 0);
        var wanted = (int)Math.Min(Math.Max(atLeast, position == 0 ? FirstWindowLength : WindowLength), _end - position);
        while (_count < wanted)
        {
            var read = RandomAccess.Read(_handle, _buffer.AsSpan(_count, wanted - _count), position + _count);
            if (read == 0) { break; }
            _count += read;
        }
    }

    /// <summary>Cuts the window's bytes to those that elements use.</summary>
    private void CloseWindow()
    {
        if (_store is DicomWindow window && _used > 0)
        {
            window.Data = _buffer.AsSpan(0, _used).ToArray();
            _used = 0;
        }
    }

    private static DicomFileException CutShort(DicomFileException fault) => new(fault.Reason, fault.Offset) { IsPixelDataCutShort = true };

    private static DicomFileException Bad(string reason, long at) => new(reason, at);
}
