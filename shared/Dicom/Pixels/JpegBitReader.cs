namespace BoneMet.Dicom;

/// <summary>Bits of an entropy-coded segment: undoes byte stuffing, stops at a marker, and then gives zeros for a little while.</summary>
internal ref struct JpegBitReader(ReadOnlySpan<byte> data, int position)
{
    private const int MaxPastEnd = 64;

    private readonly ReadOnlySpan<byte> _data = data;
    private ulong _bits;
    private int _count;
    private int _pastEnd;

    /// <summary>Where the next byte, or the marker that stopped the reader, lies.</summary>
    public int Position { get; private set; } = position;

    public int Peek8()
    {
        if (_count < 8) { Fill(); }
        return (int)(_bits >> (_count - 8)) & 0xFF;
    }

    public void Skip(int count) => _count -= count;

    public int Bit()
    {
        if (_count < 1) { Fill(); }
        return (int)(_bits >> --_count) & 1;
    }

    public int Read(int count)
    {
        if (count == 0) { return 0; }
        if (_count < count) { Fill(); }
        _count -= count;
        return (int)(_bits >> _count) & ((1 << count) - 1);
    }

    /// <summary>A signed difference of so many bits (T.81 F.2.2.1, EXTEND).</summary>
    public int Receive(int count)
    {
        if (count == 0) { return 0; }
        var value = Read(count);
        return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
    }

    /// <summary>Drops the bits left and moves behind the next restart marker, when there is one.</summary>
    public void Restart()
    {
        (_bits, _count, _pastEnd) = (0, 0, 0);
        while (Position + 1 < _data.Length && !(_data[Position] == 0xFF && _data[Position + 1] is not (0x00 or 0xFF))) { Position++; }
        if (Position + 1 < _data.Length && _data[Position + 1] is >= 0xD0 and <= 0xD7) { Position += 2; }
    }

    private void Fill()
    {
        while (_count <= 48)
        {
            int next;
            if (Position >= _data.Length || (_data[Position] == 0xFF && Position + 1 < _data.Length && _data[Position + 1] != 0))
            {
                if (++_pastEnd > MaxPastEnd) { throw new DicomException($"the JPEG stream ends early, at byte {Position} of {_data.Length}."); }
                next = 0;
            }
            else
            {
                next = _data[Position];
                Position += next == 0xFF ? 2 : 1;
            }
            _bits = (_bits << 8) | (uint)next;
            _count += 8;
        }
    }
}
