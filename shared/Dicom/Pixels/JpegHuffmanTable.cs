namespace BoneMet.Dicom;

/// <summary>A Huffman table of ITU-T T.81 Annex C, with an eight-bit look-ahead.</summary>
internal sealed class JpegHuffmanTable
{
    private readonly int[] _maxCode = new int[18];
    private readonly int[] _offset = new int[17];
    private readonly byte[] _values;

    /// <summary>For each next byte: code length in the upper, value in the lower byte; 0 when the code is longer than eight bits.</summary>
    public ushort[] Fast { get; } = new ushort[256];

    public JpegHuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
    {
        _values = values.ToArray();
        var code = 0;
        var index = 0;
        for (var length = 1; length <= 16; length++)
        {
            _offset[length] = index - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, index++)
            {
                if (code >= 1 << length) { throw new DicomException("a JPEG Huffman table has more codes than its lengths allow."); }
                if (length > 8) { continue; }
                var first = code << (8 - length);
                for (var fill = 0; fill < 1 << (8 - length); fill++) { Fast[first + fill] = (ushort)((length << 8) | _values[index]); }
            }
            _maxCode[length] = counts[length - 1] == 0 ? -1 : code - 1;
            code <<= 1;
        }
    }

    public int Decode(ref JpegBitReader bits)
    {
        var entry = Fast[bits.Peek8()];
        if (entry != 0)
        {
            bits.Skip(entry >> 8);
            return entry & 0xFF;
        }
        var code = 0;
        for (var length = 1; length <= 16; length++)
        {
            code = (code << 1) | bits.Bit();
            if (code <= _maxCode[length] && _maxCode[length] >= 0 && code + _offset[length] < _values.Length && code + _offset[length] >= 0) { return _values[code + _offset[length]]; }
        }
        throw new DicomException("the JPEG stream holds a code that its Huffman table does not.");
    }
}
