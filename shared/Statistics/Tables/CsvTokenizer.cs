namespace BoneMet.Statistics.Tables;

/// <summary>Splits UTF-8 bytes into rows and cells (RFC 4180: quoted cells may hold separators, doubled quotes and line ends).</summary>
internal sealed class CsvTokenizer(Stream stream, byte delimiter)
{
    private const int MaximumRow = 64 << 20;
    private byte[] _buffer = new byte[1 << 18];
    private int[] _starts = new int[64];
    private int[] _lengths = new int[64];
    private int _start;
    private int _end;
    private bool _finished;

    /// <summary>Number of cells of the current row.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes taken from the stream so far.</summary>
    public long Position { get; private set; }

    /// <summary>The cell <paramref name="index"/> of the current row, trimmed and unquoted.</summary>
    public ReadOnlySpan<byte> this[int index] => _buffer.AsSpan(_starts[index], _lengths[index]);

    /// <summary>Moves to the next row that is not empty; false at the end.</summary>
    public bool Read()
    {
        while (ReadRow())
        {
            if (Count > 1 || _lengths[0] > 0) { return true; }
        }
        return false;
    }

    private bool ReadRow()
    {
        Count = 0;
        if (_start == _end && !Fill(0)) { return false; }
        var at = 0;                                     // all offsets are relative to _start, because Fill moves the row
        var cell = 0;
        while (true)
        {
            if (_start + at >= _end && !Fill(at)) { Add(cell, at); _start = _end; return true; }
            if (_buffer[_start + at] == (byte)'"')
            {
                at++;
                var write = at;
                var from = at;
                while (true)
                {
                    if (_start + at >= _end && !Fill(at)) { throw new TableException("A quoted cell is never closed: the file ends inside it."); }
                    var b = _buffer[_start + at];
                    if (b == (byte)'"')
                    {
                        if (_start + at + 1 >= _end) { Fill(at + 1); }
                        if (_start + at + 1 < _end && _buffer[_start + at + 1] == (byte)'"') { at++; } else { at++; break; }
                    }
                    _buffer[_start + write++] = b;
                    at++;
                }
                var length = write - from;
                while (true)
                {
                    if (_start + at >= _end && !Fill(at)) { Add(from, from + length); _start = _end; return true; }
                    var b = _buffer[_start + at];
                    if (b == delimiter || b == (byte)'\n') { break; }
                    at++;
                }
                Add(from, from + length);
            }
            else
            {
                while (true)
                {
                    var rest = _buffer.AsSpan(_start + at, _end - _start - at);
                    var hit = rest.IndexOfAny(delimiter, (byte)'\n');
                    if (hit >= 0) { at += hit; break; }
                    at += rest.Length;
                    if (!Fill(at)) { Add(cell, at); _start = _end; return true; }
                }
                Add(cell, at);
            }
            var last = _buffer[_start + at] == (byte)'\n';
            at++;
            cell = at;
            if (last) { _start += at; return true; }
        }
    }

    /// <summary>Cells keep offsets relative to the row's start until it is complete; the row never moves after that.</summary>
    private void Add(int from, int to)
    {
        if (Count == _starts.Length)
        {
            Array.Resize(ref _starts, Count * 2);
            Array.Resize(ref _lengths, Count * 2);
        }
        from += _start;
        to += _start;
        while (from < to && IsSpace(_buffer[from])) { from++; }
        while (to > from && IsSpace(_buffer[to - 1])) { to--; }
        _starts[Count] = from;
        _lengths[Count] = to - from;
        Count++;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r';


    private bool Fill(int used)
    {
        if (_finished) { return false; }
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            for (var i = 0; i < Count; i++) { _starts[i] -= _start; }
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaximumRow) { throw new TableException($"A row is longer than {MaximumRow >> 20} MiB; is the separator or a quote wrong?"); }
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        if (read == 0) { _finished = true; return false; }
        _end += read;
        Position += read;
        return _end > used;
    }
}
