using System.Buffers.Binary;

namespace BoneMet.Dicom;

/// <summary>JPEG (ITU-T T.81) with Huffman coding: baseline, extended sequential and progressive DCT in 8 and 12 bits, and lossless with all predictors.</summary>
internal sealed class JpegDecoder
{
    private readonly byte[] _data;
    private readonly PixelShape _shape;
    private readonly ushort[][] _quantization = [new ushort[64], new ushort[64], new ushort[64], new ushort[64]];
    private readonly JpegHuffmanTable?[] _dc = new JpegHuffmanTable?[4];
    private readonly JpegHuffmanTable?[] _ac = new JpegHuffmanTable?[4];
    private JpegComponent[] _components = [];
    private int _kind;
    private int _precision;
    private int _width;
    private int _height;
    private int _hMax = 1;
    private int _vMax = 1;
    private int _restartInterval;
    private int _adobeTransform = -1;
    private int _endOfBandRun;
    private bool _hasScan;

    private JpegDecoder(byte[] data, PixelShape shape) => (_data, _shape) = (data, shape);

    public static (int[] Values, string Photometric) Decode(byte[] data, PixelShape shape)
    {
        try
        {
            return new JpegDecoder(data, shape).Decode();
        }
        catch (Exception fault) when (fault is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new DicomException("the JPEG stream is damaged: a length or index in it leads outside.", fault);
        }
    }

    private (int[] Values, string Photometric) Decode()
    {
        var at = 2;
        while (at + 3 < _data.Length)
        {
            if (_data[at] != 0xFF)
            {
                at++;
                continue;
            }
            var marker = _data[at + 1];
            if (marker == 0xD9) { break; }
            if (marker is 0xFF)
            {
                at++;
                continue;
            }
            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(_data.AsSpan(at + 2));
            if (length < 2 || at + 2 + length > _data.Length) { throw new DicomException($"JPEG marker FF{marker:X2} at byte {at} claims {length} bytes; {_data.Length - at - 2} are there."); }
            var segment = _data.AsSpan(at + 4, length - 2);
            at += 2 + length;
            switch (marker)
            {
                case 0xC4: ReadHuffman(segment); break;
                case 0xDB: ReadQuantization(segment); break;
                case 0xDD: _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment); break;
                case 0xEE when segment.Length >= 12 && segment[..5].SequenceEqual("Adobe"u8): _adobeTransform = segment[11]; break;
                case 0xDA: at = ReadScan(segment, at); break;
                case >= 0xC0 and <= 0xC3: ReadFrame(marker, segment); break;
                case (>= 0xC5 and <= 0xC7) or (>= 0xC9 and <= 0xCB) or (>= 0xCD and <= 0xCF):
                    throw new DicomException($"JPEG of process FF{marker:X2} (hierarchical or arithmetic coding) is not supported.");
                default: break;
            }
        }
        if (!_hasScan) { throw new DicomException("the JPEG stream holds no image data."); }
        return Finish();
    }

    private void ReadFrame(byte marker, ReadOnlySpan<byte> segment)
    {
        if (_components.Length > 0) { throw new DicomException("the JPEG stream has two frame headers."); }
        _kind = marker;
        _precision = segment[0];
        _height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        _width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        var count = segment[5];
        if (_width != _shape.Columns || _height != _shape.Rows || count != _shape.SamplesPerPixel)
        {
            throw new DicomException($"the JPEG stream is {_width} x {_height} with {count} component(s); the object says {_shape.Columns} x {_shape.Rows} with {_shape.SamplesPerPixel}.");
        }
        if (_kind == 0xC3 ? _precision is < 2 or > 16 : _precision is not (8 or 12)) { throw new DicomException($"a JPEG precision of {_precision} bits is not possible here."); }
        if (_precision > _shape.BitsAllocated) { throw new DicomException($"the JPEG stream has {_precision} bits; the object allocates {_shape.BitsAllocated}."); }
        // The shortest code is one bit for each sample (lossless), for each block and pass (DCT): more output than that is a bomb.
        var most = _kind == 0xC3 ? 8L * _data.Length : 512L * _data.Length;
        if ((long)_width * _height > most) { throw new DicomException($"a JPEG stream of {_data.Length} bytes cannot hold {_width} x {_height} samples."); }

        _components = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            var part = segment.Slice(6 + (3 * i), 3);
            var component = new JpegComponent { Id = part[0], H = part[1] >> 4, V = part[1] & 15, Quantization = part[2] & 3 };
            if (component.H is < 1 or > 4 || component.V is < 1 or > 4) { throw new DicomException($"JPEG component {i + 1} has sampling factors {component.H} x {component.V}."); }
            _components[i] = component;
            _hMax = Math.Max(_hMax, component.H);
            _vMax = Math.Max(_vMax, component.V);
        }
        foreach (var component in _components)
        {
            component.Width = ((_width * component.H) + _hMax - 1) / _hMax;
            component.Height = ((_height * component.V) + _vMax - 1) / _vMax;
            if (_kind == 0xC3)
            {
                if (component.H != _hMax || component.V != _vMax) { throw new DicomException("lossless JPEG with subsampled components is not supported."); }
                component.Samples = new int[_width * _height];
                continue;
            }
            component.BlocksPerRow = (_width + (8 * _hMax) - 1) / (8 * _hMax) * component.H;
            component.BlockRows = (_height + (8 * _vMax) - 1) / (8 * _vMax) * component.V;
            component.Samples = new int[component.Stride * component.BlockRows * 8];
            if (_kind == 0xC2) { component.Coefficients = new short[component.Samples.Length]; }
        }
    }

    private void ReadHuffman(ReadOnlySpan<byte> segment)
    {
        while (segment.Length >= 17)
        {
            var total = 0;
            foreach (var count in segment.Slice(1, 16)) { total += count; }
            if (total > 256 || segment.Length < 17 + total) { throw new DicomException("a JPEG Huffman table is longer than its segment."); }
            var table = new JpegHuffmanTable(segment.Slice(1, 16), segment.Slice(17, total));
            ((segment[0] >> 4) == 0 ? _dc : _ac)[segment[0] & 3] = table;
            segment = segment[(17 + total)..];
        }
    }

    private void ReadQuantization(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            var wide = segment[0] >> 4 != 0;
            var table = _quantization[segment[0] & 3];
            for (var i = 0; i < 64; i++) { table[JpegTransform.ZigZag[i]] = wide ? BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + (2 * i))..]) : segment[1 + i]; }
            segment = segment[(wide ? 129 : 65)..];
        }
    }

    private int ReadScan(ReadOnlySpan<byte> segment, int at)
    {
        if (_components.Length == 0) { throw new DicomException("the JPEG stream has image data before its frame header."); }
        var count = segment[0];
        var scan = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            var id = segment[1 + (2 * i)];
            var tables = segment[2 + (2 * i)];
            scan[i] = Array.Find(_components, component => component.Id == id) ?? (count <= _components.Length ? _components[i] : throw new DicomException($"a JPEG scan names component {id}, which the frame lacks."));
            scan[i].Dc = _dc[(tables >> 4) & 3];
            scan[i].Ac = _ac[tables & 3];
            scan[i].Predictor = 0;
        }
        int start = segment[1 + (2 * count)], end = segment[2 + (2 * count)];
        int high = segment[3 + (2 * count)] >> 4, low = segment[3 + (2 * count)] & 15;
        _hasScan = true;
        _endOfBandRun = 0;
        var bits = new JpegBitReader(_data, at);
        if (_kind == 0xC3) { ReadLossless(ref bits, scan, start, low); }
        else if (_kind == 0xC2)
        {
            if (start > end || end > 63 || (start > 0 && count != 1)) { throw new DicomException("a progressive JPEG scan has an impossible band."); }
            ReadBlocks(ref bits, scan, new JpegBand(start, end, high, low));
        }
        else { ReadBlocks(ref bits, scan, null); }
        return bits.Position;
    }

    private void ReadBlocks(ref JpegBitReader bits, JpegComponent[] scan, JpegBand? band)
    {
        Span<int> block = stackalloc int[64];
        var left = _restartInterval;
        if (scan.Length == 1)
        {
            // One component alone: its own blocks, without the padding to units.
            var component = scan[0];
            var across = (component.Width + 7) / 8;
            var down = (component.Height + 7) / 8;
            for (var y = 0; y < down; y++)
            {
                for (var x = 0; x < across; x++)
                {
                    Restart(ref bits, scan, ref left);
                    ReadBlock(ref bits, component, x, y, block, band);
                }
            }
            return;
        }
        var unitsAcross = (_width + (8 * _hMax) - 1) / (8 * _hMax);
        var unitsDown = (_height + (8 * _vMax) - 1) / (8 * _vMax);
        for (var unitY = 0; unitY < unitsDown; unitY++)
        {
            for (var unitX = 0; unitX < unitsAcross; unitX++)
            {
                Restart(ref bits, scan, ref left);
                foreach (var component in scan)
                {
                    for (var v = 0; v < component.V; v++)
                    {
                        for (var h = 0; h < component.H; h++) { ReadBlock(ref bits, component, (unitX * component.H) + h, (unitY * component.V) + v, block, band); }
                    }
                }
            }
        }
    }

    private void Restart(ref JpegBitReader bits, JpegComponent[] scan, ref int left)
    {
        if (_restartInterval == 0) { return; }
        if (left == 0)
        {
            bits.Restart();
            foreach (var component in scan) { component.Predictor = 0; }
            _endOfBandRun = 0;
            left = _restartInterval;
        }
        left--;
    }

    private void ReadBlock(ref JpegBitReader bits, JpegComponent component, int x, int y, scoped Span<int> block, JpegBand? band)
    {
        if (band is not null)
        {
            var coefficients = component.Coefficients.AsSpan(((y * component.BlocksPerRow) + x) * 64, 64);
            if (band.Start == 0) { ProgressiveDc(ref bits, component, coefficients, band); }
            else if (band.High == 0) { ProgressiveAcFirst(ref bits, component, coefficients, band); }
            else { ProgressiveAcRefine(ref bits, component, coefficients, band); }
            return;
        }
        var (dc, ac) = (component.Dc, component.Ac);
        if (dc is null || ac is null) { throw new DicomException("a JPEG scan uses a Huffman table that is not defined."); }
        block.Clear();
        var quantization = _quantization[component.Quantization];
        component.Predictor += bits.Receive(Math.Min(dc.Decode(ref bits), 16));
        block[0] = component.Predictor * quantization[0];
        for (var k = 1; k < 64; k++)
        {
            var code = ac.Decode(ref bits);
            var size = code & 15;
            if (size == 0)
            {
                if (code != 0xF0) { break; }
                k += 15;
                continue;
            }
            k += code >> 4;
            if (k > 63) { throw new DicomException("a JPEG block has more than 64 coefficients."); }
            var position = JpegTransform.ZigZag[k];
            block[position] = bits.Receive(size) * quantization[position];
        }
        JpegTransform.Inverse(block, component.Samples.AsSpan((y * 8 * component.Stride) + (x * 8)), component.Stride, _precision);
    }

    private static void ProgressiveDc(ref JpegBitReader bits, JpegComponent component, Span<short> block, JpegBand band)
    {
        if (band.High != 0)
        {
            if (bits.Bit() != 0) { block[0] |= (short)(1 << band.Low); }
            return;
        }
        var table = component.Dc ?? throw new DicomException("a JPEG scan uses a Huffman table that is not defined.");
        component.Predictor += bits.Receive(Math.Min(table.Decode(ref bits), 16));
        block[0] = (short)(component.Predictor << band.Low);
    }

    private void ProgressiveAcFirst(ref JpegBitReader bits, JpegComponent component, Span<short> block, JpegBand band)
    {
        if (_endOfBandRun > 0)
        {
            _endOfBandRun--;
            return;
        }
        var table = component.Ac ?? throw new DicomException("a JPEG scan uses a Huffman table that is not defined.");
        for (var k = band.Start; k <= band.End; k++)
        {
            var code = table.Decode(ref bits);
            int run = code >> 4, size = code & 15;
            if (size == 0)
            {
                if (run < 15)
                {
                    _endOfBandRun = (1 << run) - 1 + bits.Read(run);
                    return;
                }
                k += 15;
                continue;
            }
            k += run;
            if (k > 63) { throw new DicomException("a JPEG block has more than 64 coefficients."); }
            block[JpegTransform.ZigZag[k]] = (short)(bits.Receive(size) << band.Low);
        }
    }

    private void ProgressiveAcRefine(ref JpegBitReader bits, JpegComponent component, Span<short> block, JpegBand band)
    {
        var table = component.Ac ?? throw new DicomException("a JPEG scan uses a Huffman table that is not defined.");
        var positive = (short)(1 << band.Low);
        var negative = (short)(-1 << band.Low);
        var k = band.Start;
        if (_endOfBandRun == 0)
        {
            for (; k <= band.End; k++)
            {
                var code = table.Decode(ref bits);
                int run = code >> 4, size = code & 15;
                short value = 0;
                if (size != 0) { value = bits.Bit() != 0 ? positive : negative; }
                else if (run < 15)
                {
                    _endOfBandRun = (1 << run) + bits.Read(run);
                    break;
                }
                for (; k <= band.End; k++)
                {
                    ref var coefficient = ref block[JpegTransform.ZigZag[k]];
                    if (coefficient != 0) { Refine(ref bits, ref coefficient, positive, negative); }
                    else if (--run < 0) { break; }
                }
                if (value != 0 && k <= 63) { block[JpegTransform.ZigZag[k]] = value; }
            }
        }
        if (_endOfBandRun > 0)
        {
            for (; k <= band.End; k++)
            {
                ref var coefficient = ref block[JpegTransform.ZigZag[k]];
                if (coefficient != 0) { Refine(ref bits, ref coefficient, positive, negative); }
            }
            _endOfBandRun--;
        }
    }

    private static void Refine(ref JpegBitReader bits, ref short coefficient, short positive, short negative)
    {
        if (bits.Bit() != 0 && (coefficient & positive) == 0) { coefficient += coefficient >= 0 ? positive : negative; }
    }

    private void ReadLossless(ref JpegBitReader bits, JpegComponent[] scan, int predictor, int transform)
    {
        if (predictor is < 1 or > 7) { throw new DicomException($"lossless JPEG names predictor {predictor}; 1 to 7 are possible."); }
        if (transform >= _precision) { throw new DicomException($"lossless JPEG names a point transform of {transform} bits."); }
        var initial = 1 << (_precision - transform - 1);
        var left = _restartInterval;
        var firstRow = true;
        for (var y = 0; y < _height; y++)
        {
            var first = true;
            for (var x = 0; x < _width; x++)
            {
                if (_restartInterval > 0)
                {
                    if (left == 0)
                    {
                        bits.Restart();
                        left = _restartInterval;
                        (firstRow, first) = (true, true);
                    }
                    left--;
                }
                foreach (var component in scan)
                {
                    var samples = component.Samples;
                    var at = (y * _width) + x;
                    int prediction;
                    if (first) { prediction = firstRow ? initial : samples[at - _width]; }
                    else if (firstRow) { prediction = samples[at - 1]; }
                    else
                    {
                        int a = samples[at - 1], b = samples[at - _width], c = samples[at - _width - 1];
                        prediction = predictor switch
                        {
                            1 => a, 2 => b, 3 => c, 4 => a + b - c, 5 => a + ((b - c) >> 1), 6 => b + ((a - c) >> 1), _ => (a + b) >> 1,
                        };
                    }
                    var size = (component.Dc ?? throw new DicomException("a JPEG scan uses a Huffman table that is not defined.")).Decode(ref bits);
                    var difference = size >= 16 ? 32768 : bits.Receive(size);
                    samples[at] = (prediction + difference) & 0xFFFF;
                }
                first = false;
            }
            firstRow = false;
        }
        if (transform == 0) { return; }
        foreach (var component in scan)
        {
            for (var i = 0; i < component.Samples.Length; i++) { component.Samples[i] = (component.Samples[i] << transform) & 0xFFFF; }
        }
    }

    private (int[] Values, string Photometric) Finish()
    {
        if (_kind == 0xC2) { TransformProgressive(); }
        var count = _components.Length;
        var planes = new int[count][];
        for (var i = 0; i < count; i++) { planes[i] = _kind == 0xC3 ? _components[i].Samples : JpegUpsampling.ToFull(_components[i], _width, _height, _hMax, _vMax); }
        var values = GC.AllocateUninitializedArray<int>(_width * _height * count);
        if (count == 1)
        {
            var plane = planes[0];
            for (var i = 0; i < values.Length; i++) { values[i] = _shape.Value((uint)plane[i]); }
            return (values, _shape.Photometric);
        }
        var convert = count == 3 && _precision == 8 && _kind != 0xC3 && IsYcc();
        for (int i = 0, at = 0; at < values.Length; i++, at += count)
        {
            if (convert) { PixelColour.Convert(planes[0][i], planes[1][i], planes[2][i], values.AsSpan(at, 3)); }
            else
            {
                for (var c = 0; c < count; c++) { values[at + c] = _shape.Value((uint)planes[c][i]); }
            }
        }
        return (values, convert ? "RGB" : _shape.Photometric);
    }

    /// <summary>The object says what the components are; the stream is believed against it only where it leaves no doubt.</summary>
    private bool IsYcc()
    {
        var subsampled = _components.Any(component => component.H != _hMax || component.V != _vMax);
        if (_shape.Photometric.StartsWith("YBR", StringComparison.Ordinal)) { return _adobeTransform != 0 || subsampled; }
        return _adobeTransform == 1;
    }

    private void TransformProgressive()
    {
        Span<int> block = stackalloc int[64];
        foreach (var component in _components)
        {
            var quantization = _quantization[component.Quantization];
            for (var y = 0; y < component.BlockRows; y++)
            {
                for (var x = 0; x < component.BlocksPerRow; x++)
                {
                    var coefficients = component.Coefficients.AsSpan(((y * component.BlocksPerRow) + x) * 64, 64);
                    for (var i = 0; i < 64; i++) { block[i] = coefficients[i] * quantization[i]; }
                    JpegTransform.Inverse(block, component.Samples.AsSpan((y * 8 * component.Stride) + (x * 8)), component.Stride, _precision);
                }
            }
        }
    }

    private sealed record JpegBand(int Start, int End, int High, int Low);
}
