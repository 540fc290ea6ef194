namespace BoneMet.Dicom;

/// <summary>Bits of a JPEG-LS scan: after a byte 0xFF the next one carries seven bits (T.87 A.1); a marker ends the data.</summary>
internal ref struct JpegLsBitReader(ReadOnlySpan<byte> data, int position)
{
    private const int MaxPastEnd = 16;

    private readonly ReadOnlySpan<byte> _data = data;
    private ulong _bits;
    private int _count;
    private int _pastEnd;
    private bool _afterFF;

    public int Position { get; private set; } = position;

    /// <summary>Where a marker may be sought once a scan is decoded: the byte 0xFF of one that ended the data has been read already.</summary>
    public int End => _afterFF && Position < _data.Length && _data[Position] >= 0x80 ? Position - 1 : Position;

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
        return (int)((_bits >> _count) & ((1UL << count) - 1));
    }

    /// <summary>Number of zero bits before the next one bit, which is consumed.</summary>
    public int Zeros(int most)
    {
        var zeros = 0;
        while (true)
        {
            if (_count == 0) { Fill(); }
            var ahead = _bits << (64 - _count);
            var run = Math.Min(System.Numerics.BitOperations.LeadingZeroCount(ahead), _count);
            zeros += run;
            _count -= run;
            if (_count > 0)
            {
                _count--;
                return zeros <= most ? zeros : throw new DicomException($"the JPEG-LS stream holds an impossible code near byte {Position}.");
            }
            if (zeros > most) { throw new DicomException($"the JPEG-LS stream holds an impossible code near byte {Position}."); }
        }
    }

    private void Fill()
    {
        while (_count <= 48)
        {
            if (Position >= _data.Length || (_afterFF && _data[Position] >= 0x80))
            {
                if (++_pastEnd > MaxPastEnd) { throw new DicomException($"the JPEG-LS stream ends early, at byte {Position} of {_data.Length}."); }
                _bits <<= 8;
                _count += 8;
                continue;
            }
            var next = _data[Position++];
            var width = _afterFF ? 7 : 8;
            _afterFF = next == 0xFF;
            _bits = (_bits << width) | next;
            _count += width;
        }
    }
}
