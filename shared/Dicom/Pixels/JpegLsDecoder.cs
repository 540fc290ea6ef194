using System.Buffers.Binary;
using System.Numerics;

namespace BoneMet.Dicom;

/// <summary>JPEG-LS (ITU-T T.87), lossless and near-lossless, all three interleave modes.</summary>
internal sealed class JpegLsDecoder
{
    private const int RunContexts = 365;

    private static readonly byte[] s_runOrder = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    private readonly byte[] _data;
    private readonly PixelShape _shape;
    private readonly int[] _a = new int[367];
    private readonly int[] _b = new int[367];
    private readonly int[] _c = new int[367];
    private readonly int[] _n = new int[367];
    private readonly int[] _negative = new int[2];
    private int[] _values = [];
    private int[] _ids = [];
    private int _precision;
    private int _presetMax;
    private int _preset1;
    private int _preset2;
    private int _preset3;
    private int _presetReset;
    private int _max;
    private int _near;
    private int _t1;
    private int _t2;
    private int _t3;
    private int _reset;
    private int _range;
    private int _rangeBits;
    private int _limit;

    private JpegLsDecoder(byte[] data, PixelShape shape) => (_data, _shape) = (data, shape);

    public static int[] Decode(byte[] data, PixelShape shape)
    {
        try
        {
            return new JpegLsDecoder(data, shape).Decode();
        }
        catch (Exception fault) when (fault is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new DicomException("the JPEG-LS stream is damaged: a length or index in it leads outside.", fault);
        }
    }

    private int[] Decode()
    {
        var scanned = 0;
        for (var at = 2; at + 3 < _data.Length;)
        {
            if (_data[at] != 0xFF || _data[at + 1] is 0xFF or < 0x80)
            {
                at++;
                continue;
            }
            var marker = _data[at + 1];
            if (marker == 0xD9) { break; }
            if (marker is >= 0xD0 and <= 0xD8)
            {
                at += 2;
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(_data.AsSpan(at + 2));
            if (length < 2 || at + 2 + length > _data.Length) { throw new DicomException($"JPEG-LS marker FF{marker:X2} at byte {at} claims {length} bytes; {_data.Length - at - 2} are there."); }
            var segment = _data.AsSpan(at + 4, length - 2);
            at += 2 + length;
            switch (marker)
            {
                case 0xF7: ReadFrame(segment); break;
                case 0xF8: ReadPreset(segment); break;
                case 0xDD when segment.IndexOfAnyExcept((byte)0) >= 0: throw new DicomException("JPEG-LS with restart intervals is not supported.");
                case 0xE8 when segment.Length >= 5 && segment[..4].SequenceEqual("mrfx"u8) && segment[4] != 0: throw new DicomException("JPEG-LS with a colour transform is not part of DICOM.");
                case 0xDA:
                    (at, var components) = ReadScan(segment, at);
                    scanned += components;
                    break;
                default: break;
            }
        }
        if (_ids.Length == 0 || scanned < _ids.Length) { throw new DicomException($"the JPEG-LS stream holds {scanned} of {_shape.SamplesPerPixel} component(s)."); }
        for (var i = 0; i < _values.Length; i++) { _values[i] = _shape.Value((uint)_values[i]); }
        return _values;
    }

    private void ReadFrame(ReadOnlySpan<byte> segment)
    {
        _precision = segment[0];
        var height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        var count = segment[5];
        if (_ids.Length > 0) { throw new DicomException("the JPEG-LS stream has two frame headers."); }
        if (width != _shape.Columns || height != _shape.Rows || count != _shape.SamplesPerPixel)
        {
            throw new DicomException($"the JPEG-LS stream is {width} x {height} with {count} component(s); the object says {_shape.Columns} x {_shape.Rows} with {_shape.SamplesPerPixel}.");
        }
        if (_precision is < 2 or > 16 || _precision > _shape.BitsAllocated) { throw new DicomException($"the JPEG-LS stream has {_precision} bits; the object allocates {_shape.BitsAllocated}."); }
        FrameLimits.Check("JPEG-LS", _data.Length, _shape);
        _ids = new int[count];
        for (var i = 0; i < count; i++)
        {
            _ids[i] = segment[6 + (3 * i)];
            if (segment[7 + (3 * i)] != 0x11) { throw new DicomException("JPEG-LS with subsampled components is not supported."); }
        }
        _values = new int[_shape.SamplesPerFrame];
    }

    private void ReadPreset(ReadOnlySpan<byte> segment)
    {
        if (segment[0] is 2 or 3) { throw new DicomException("JPEG-LS with a mapping table is not supported."); }
        if (segment[0] != 1) { return; }
        _presetMax = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        _preset1 = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        _preset2 = BinaryPrimitives.ReadUInt16BigEndian(segment[5..]);
        _preset3 = BinaryPrimitives.ReadUInt16BigEndian(segment[7..]);
        _presetReset = BinaryPrimitives.ReadUInt16BigEndian(segment[9..]);
    }

    private (int End, int Components) ReadScan(ReadOnlySpan<byte> segment, int at)
    {
        if (_ids.Length == 0) { throw new DicomException("the JPEG-LS stream has image data before its frame header."); }
        var count = segment[0];
        var first = Array.IndexOf(_ids, segment[1]);
        if (first < 0 || first + count > _ids.Length) { throw new DicomException("a JPEG-LS scan names components that the frame lacks."); }
        for (var i = 0; i < count; i++)
        {
            if (segment[2 + (2 * i)] != 0) { throw new DicomException("JPEG-LS with a mapping table is not supported."); }
        }
        _near = segment[1 + (2 * count)];
        var interleave = segment[2 + (2 * count)];
        Prepare();
        var bits = new JpegLsBitReader(_data, at);
        switch (interleave)
        {
            case 0 when count == 1: DecodeLines(ref bits, first, 1); break;
            case 1: DecodeLines(ref bits, first, count); break;
            case 2 when count == 1: DecodeLines(ref bits, first, 1); break;
            case 2: DecodePixels(ref bits, count); break;
            default: throw new DicomException($"JPEG-LS interleave mode {interleave} with {count} component(s) is not possible.");
        }
        return (bits.End, count);
    }

    /// <summary>Parameters and variables at the start of a scan (T.87 A.2.1, C.2.4.1.1).</summary>
    private void Prepare()
    {
        _max = _presetMax > 0 ? _presetMax : (1 << _precision) - 1;
        if (_near > Math.Min(255, _max / 2)) { throw new DicomException($"JPEG-LS NEAR is {_near}, more than the samples allow."); }
        int b1, b2, b3;
        if (_max >= 128)
        {
            var factor = (Math.Min(_max, 4095) + 128) / 256;
            b1 = Limited((factor * 1) + 2 + (3 * _near), _near + 1);
            b2 = Limited((factor * 4) + 3 + (5 * _near), b1);
            b3 = Limited((factor * 17) + 4 + (7 * _near), b2);
        }
        else
        {
            var factor = 256 / (_max + 1);
            b1 = Limited(Math.Max(2, (3 / factor) + (3 * _near)), _near + 1);
            b2 = Limited(Math.Max(3, (7 / factor) + (5 * _near)), b1);
            b3 = Limited(Math.Max(4, (21 / factor) + (7 * _near)), b2);
        }
        (_t1, _t2, _t3) = (_preset1 > 0 ? _preset1 : b1, _preset2 > 0 ? _preset2 : b2, _preset3 > 0 ? _preset3 : b3);
        _reset = _presetReset > 0 ? _presetReset : 64;
        _range = _near == 0 ? _max + 1 : ((_max + (2 * _near)) / ((2 * _near) + 1)) + 1;
        _rangeBits = CeilLog2(_range);
        var bits = Math.Max(2, CeilLog2(_max + 1));
        _limit = 2 * (bits + Math.Max(8, bits));
        _a.AsSpan().Fill(Math.Max(2, (_range + 32) / 64));
        _b.AsSpan().Clear();
        _c.AsSpan().Clear();
        _n.AsSpan().Fill(1);
        _negative.AsSpan().Clear();
    }

    private int Limited(int value, int least) => value > _max || value < least ? least : value;

    private static int CeilLog2(int value) => value <= 1 ? 0 : 32 - BitOperations.LeadingZeroCount((uint)(value - 1));

    /// <summary>One component, or several line by line.</summary>
    private void DecodeLines(ref JpegLsBitReader bits, int first, int count)
    {
        var width = _shape.Columns;
        var previous = new int[count][];
        var current = new int[count][];
        var runIndex = new int[count];
        for (var c = 0; c < count; c++) { (previous[c], current[c]) = (new int[width + 2], new int[width + 2]); }
        for (var y = 0; y < _shape.Rows; y++)
        {
            for (var c = 0; c < count; c++)
            {
                DecodeLine(ref bits, previous[c], current[c], ref runIndex[c]);
                var output = (y * width * _ids.Length) + first + c;
                var line = current[c];
                for (var x = 0; x < width; x++, output += _ids.Length) { _values[output] = line[x + 1]; }
                (previous[c], current[c]) = (current[c], previous[c]);
            }
        }
    }

    private void DecodeLine(ref JpegLsBitReader bits, int[] previous, int[] current, ref int runIndex)
    {
        var width = current.Length - 2;
        current[0] = previous[1];
        previous[width + 1] = previous[width];
        for (var x = 1; x <= width;)
        {
            int ra = current[x - 1], rb = previous[x], rc = previous[x - 1], rd = previous[x + 1];
            var context = (((Quantize(rd - rb) * 9) + Quantize(rb - rc)) * 9) + Quantize(rc - ra);
            if (context != 0)
            {
                current[x++] = Regular(ref bits, context, ra, rb, rc);
                continue;
            }
            var run = Run(ref bits, width - x + 1, ref runIndex);
            current.AsSpan(x, run).Fill(ra);
            x += run;
            if (x > width) { break; }
            current[x] = Interruption(ref bits, ra, previous[x], Math.Abs(ra - previous[x]) <= _near ? 1 : 0, runIndex);
            x++;
            if (runIndex > 0) { runIndex--; }
        }
    }

    /// <summary>Several components pixel by pixel: a run is one of all of them.</summary>
    private void DecodePixels(ref JpegLsBitReader bits, int count)
    {
        var width = _shape.Columns;
        var previous = new int[(width + 2) * count];
        var current = new int[(width + 2) * count];
        Span<int> contexts = stackalloc int[4];
        var runIndex = 0;
        for (var y = 0; y < _shape.Rows; y++)
        {
            previous.AsSpan(count, count).CopyTo(current);
            previous.AsSpan(width * count, count).CopyTo(previous.AsSpan((width + 1) * count));
            for (var x = 1; x <= width;)
            {
                var at = x * count;
                var any = 0;
                for (var c = 0; c < count; c++)
                {
                    int ra = current[at - count + c], rb = previous[at + c], rc = previous[at - count + c], rd = previous[at + count + c];
                    contexts[c] = (((Quantize(rd - rb) * 9) + Quantize(rb - rc)) * 9) + Quantize(rc - ra);
                    any |= contexts[c];
                }
                if (any != 0)
                {
                    for (var c = 0; c < count; c++) { current[at + c] = Regular(ref bits, contexts[c], current[at - count + c], previous[at + c], previous[at - count + c]); }
                    x++;
                    continue;
                }
                var run = Run(ref bits, width - x + 1, ref runIndex);
                for (var i = 0; i < run * count; i++) { current[at + i] = current[at + i - count]; }
                x += run;
                if (x > width) { break; }
                at = x * count;
                for (var c = 0; c < count; c++) { current[at + c] = Interruption(ref bits, current[at - count + c], previous[at + c], 0, runIndex); }
                x++;
                if (runIndex > 0) { runIndex--; }
            }
            current.AsSpan(count, width * count).CopyTo(_values.AsSpan(y * width * count));
            (previous, current) = (current, previous);
        }
    }

    private int Quantize(int d) =>
        d <= -_t3 ? -4 : d <= -_t2 ? -3 : d <= -_t1 ? -2 : d < -_near ? -1 : d <= _near ? 0 : d < _t1 ? 1 : d < _t2 ? 2 : d < _t3 ? 3 : 4;

    private int Regular(ref JpegLsBitReader bits, int context, int ra, int rb, int rc)
    {
        var sign = context < 0 ? -1 : 1;
        var q = context * sign;
        var predicted = rc >= Math.Max(ra, rb) ? Math.Min(ra, rb) : rc <= Math.Min(ra, rb) ? Math.Max(ra, rb) : ra + rb - rc;
        predicted = Math.Clamp(predicted + (sign * _c[q]), 0, _max);
        int n = _n[q], a = _a[q];
        var k = 0;
        while (n << k < a && k < 24) { k++; }
        var mapped = Golomb(ref bits, k, _limit);
        var error = (mapped & 1) == 0 ? mapped >> 1 : -((mapped + 1) >> 1);
        if (_near == 0 && k == 0 && 2 * _b[q] <= -n) { error = ~error; }

        var b = _b[q] + (error * ((2 * _near) + 1));
        a += Math.Abs(error);
        if (n == _reset)
        {
            a >>= 1;
            b = b >= 0 ? b >> 1 : -((1 - b) >> 1);
            n >>= 1;
        }
        n++;
        if (b <= -n)
        {
            b += n;
            if (_c[q] > -128) { _c[q]--; }
            if (b <= -n) { b = -n + 1; }
        }
        else if (b > 0)
        {
            b -= n;
            if (_c[q] < 127) { _c[q]++; }
            if (b > 0) { b = 0; }
        }
        (_a[q], _b[q], _n[q]) = (a, b, n);
        return Reconstruct(predicted, sign * error);
    }

    private static int Run(ref JpegLsBitReader bits, int left, ref int runIndex)
    {
        var run = 0;
        while (bits.Bit() != 0)
        {
            var whole = 1 << s_runOrder[runIndex];
            var part = Math.Min(whole, left - run);
            run += part;
            if (part == whole && runIndex < 31) { runIndex++; }
            if (run == left) { return run; }
        }
        run += bits.Read(s_runOrder[runIndex]);
        return run <= left ? run : throw new DicomException("a JPEG-LS run leads over the end of its line.");
    }

    private int Interruption(ref JpegLsBitReader bits, int ra, int rb, int type, int runIndex)
    {
        var q = RunContexts + type;
        var n = _n[q];
        var target = type == 0 ? _a[q] : _a[q] + (n >> 1);
        var k = 0;
        while (n << k < target && k < 24) { k++; }
        var mapped = Golomb(ref bits, k, _limit - s_runOrder[runIndex] - 1);
        var total = mapped + type;
        var map = total & 1;
        var error = (total + map) >> 1;
        if ((k != 0 || 2 * _negative[type] >= n) == (map != 0)) { error = -error; }
        if (error < 0) { _negative[type]++; }
        _a[q] += (mapped + 1 - type) >> 1;
        if (n == _reset)
        {
            _a[q] >>= 1;
            n >>= 1;
            _negative[type] >>= 1;
        }
        _n[q] = n + 1;
        return type == 1 ? Reconstruct(ra, error) : Reconstruct(rb, ra > rb ? -error : error);
    }

    private int Golomb(ref JpegLsBitReader bits, int k, int limit)
    {
        var escape = limit - _rangeBits - 1;
        var zeros = bits.Zeros(Math.Max(escape, 0));
        return zeros < escape ? (zeros << k) + bits.Read(k) : bits.Read(_rangeBits) + 1;
    }

    private int Reconstruct(int predicted, int error)
    {
        var step = (2 * _near) + 1;
        var value = predicted + (error * step);
        if (value < -_near) { value += _range * step; }
        else if (value > _max + _near) { value -= _range * step; }
        return Math.Clamp(value, 0, _max);
    }
}
