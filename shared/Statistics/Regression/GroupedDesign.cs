using System.Numerics;
using System.Runtime.InteropServices;
using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Regression;

/// <summary>Rows of a design sorted by their pattern of 0/1 columns, so that one Newton pass multiplies only the other columns.</summary>
/// <remarks>Rows of one pattern ("cell") share all 0/1 columns: XᵀWX of those is a sum of cell totals. Other columns are centred and scaled inside, which keeps the
/// normal equations well conditioned; results are turned back to the caller's units. Work is cut into pieces that do not depend on the number of threads, so neither do the sums.</remarks>
internal sealed class GroupedDesign
{
    private const int Block = 512;
    private const int RowsPerPiece = 8192;

    private readonly int[] _dense;
    private readonly double[][] _values;
    private readonly double[]? _offset;
    private readonly double[] _mean;
    private readonly double[] _scale;
    private readonly int[] _rowAt;
    private readonly double[] _outcome;
    private readonly (int Cell, int Start, int Length)[] _blocks;
    private readonly int[][] _active;
    private readonly (int From, int To)[] _pieces;

    private GroupedDesign(int columns, bool intercept, int[] dense, double[][] values, double[]? offset, double[] mean, double[] scale, int[] rowAt, double[] outcome,
        double[] weights, (int, int, int)[] blocks, int[][] active, (int, int)[] pieces)
    {
        (Columns, HasIntercept, _dense, _values, _offset, _mean, _scale, _rowAt, _outcome, Weights, _blocks, _active, _pieces) =
            (columns, intercept, dense, values, offset, mean, scale, rowAt, outcome, weights, blocks, active, pieces);
    }

    public int Columns { get; }

    public bool HasIntercept { get; }

    /// <summary>Rows with padding.</summary>
    public int Length => _rowAt.Length;

    /// <summary>Case weights in sorted order; 0 in the padding.</summary>
    public double[] Weights { get; }

    /// <summary>Original row of each sorted place; −1 in the padding.</summary>
    public ReadOnlySpan<int> RowAt => _rowAt;

    public ReadOnlySpan<double> Outcome => _outcome;

    public static GroupedDesign Create(DesignMatrix design, ReadOnlySpan<double> outcome, ReadOnlySpan<double> weights = default, ReadOnlySpan<double> offset = default, bool centre = true)
    {
        var rows = design.Rows;
        var first = design.HasIntercept ? 1 : 0;
        var binary = new List<int>();
        var dense = new List<int>();
        for (var j = first; j < design.Columns; j++)
        {
            if (design.HasIntercept && binary.Count < 40 && IsBinary(design.Column(j))) { binary.Add(j); } else { dense.Add(j); }
        }
        var (order, cells, patterns) = Cells(design, binary);
        if (cells.Length - 1 > Math.Max(1, rows / 8))
        {
            dense = [.. Enumerable.Range(first, design.Columns - first)];
            binary = [];
            (order, cells, patterns) = Cells(design, binary);
        }

        var width = Vector<double>.Count;
        var blocks = new List<(int, int, int)>();
        var total = 0;
        for (var c = 0; c + 1 < cells.Length; c++) { total += (cells[c + 1] - cells[c] + width - 1) / width * width; }
        var places = new int[total];
        for (int c = 0, start = 0; c + 1 < cells.Length; c++)
        {
            var count = cells[c + 1] - cells[c];
            var end = start + ((count + width - 1) / width * width);
            for (var i = 0; i < count; i++) { places[start + i] = order is null ? cells[c] + i : order[cells[c] + i]; }
            places.AsSpan(start + count, end - start - count).Fill(-1);
            for (; start < end; start += Block) { blocks.Add((c, start, Math.Min(Block, end - start))); }
            start = end;
        }

        var values = new double[dense.Count][];
        var mean = new double[dense.Count];
        var scale = new double[dense.Count];
        for (var k = 0; k < dense.Count; k++)
        {
            var column = design.Column(dense[k]);
            (mean[k], scale[k]) = Standard(column, centre && design.HasIntercept);
            var to = values[k] = new double[places.Length];
            double shift = mean[k], factor = 1 / scale[k];
            for (var i = 0; i < places.Length; i++) { if (places[i] >= 0) { to[i] = (column[places[i]] - shift) * factor; } }
        }
        var y = new double[places.Length];
        var w = new double[places.Length];
        double[]? o = offset.Length > 0 ? new double[places.Length] : null;
        for (var i = 0; i < places.Length; i++)
        {
            var row = places[i];
            if (row < 0) { continue; }
            y[i] = outcome[row];
            w[i] = weights.Length > 0 ? weights[row] : 1;
            if (o is not null) { o[i] = offset[row]; }
        }

        var pieces = new List<(int, int)>();
        for (int from = 0, count = 0, b = 0; b < blocks.Count; b++)
        {
            count += blocks[b].Item3;
            if (count >= RowsPerPiece || b == blocks.Count - 1) { pieces.Add((from, b + 1)); from = b + 1; count = 0; }
        }
        var active = patterns.Select(pattern =>
        {
            var list = new List<int>();
            if (design.HasIntercept) { list.Add(0); }
            for (var b = 0; b < binary.Count; b++) { if ((pattern >> b & 1) != 0) { list.Add(binary[b]); } }
            return list.ToArray();
        }).ToArray();
        return new GroupedDesign(design.Columns, design.HasIntercept, [.. dense], values, o, mean, scale, places, y, w, [.. blocks], active, [.. pieces]);
    }

    /// <summary>Linear predictor, offset included, of every sorted place for internal coefficients.</summary>
    public void LinearPredictor(ReadOnlySpan<double> gamma, Span<double> eta)
    {
        LinearPredictorOf(gamma, eta);
        if (_offset is not null) { Kernels.AddScaled(1, _offset, eta); }
    }

    /// <summary>Xγ of every sorted place, without the offset.</summary>
    public void LinearPredictorOf(ReadOnlySpan<double> gamma, Span<double> eta)
    {
        foreach (var (cell, start, length) in _blocks)
        {
            var level = 0.0;
            foreach (var j in _active[cell]) { level += gamma[j]; }
            var target = eta.Slice(start, length);
            target.Fill(level);
            for (var k = 0; k < _dense.Length; k++) { Kernels.AddScaled(gamma[_dense[k]], _values[k].AsSpan(start, length), target); }
        }
    }

    /// <summary>Gradient, information (row-major) and log-likelihood at internal coefficients, for the given case weights.</summary>
    public double Pass(ReadOnlySpan<double> gamma, double[] weights, double[] gradient, double[] information, int threads, bool logLikelihood = true)
    {
        var p = Columns;
        var size = p + (p * p) + 1;
        var partial = new double[_pieces.Length][];
        var copy = gamma.ToArray();
        if (threads > 1 && _pieces.Length > 1)
        {
            Parallel.For(0, _pieces.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, piece => partial[piece] = Piece(_pieces[piece], copy, weights, logLikelihood));
        }
        else
        {
            for (var piece = 0; piece < _pieces.Length; piece++) { partial[piece] = Piece(_pieces[piece], copy, weights, logLikelihood); }
        }
        Array.Clear(gradient);
        Array.Clear(information);
        var total = 0.0;
        foreach (var sums in partial)
        {
            for (var j = 0; j < p; j++) { gradient[j] += sums[j]; }
            for (var j = 0; j < p * p; j++) { information[j] += sums[p + j]; }
            total += sums[size - 1];
        }
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < j; k++) { information[(j * p) + k] = information[(k * p) + j] = information[(j * p) + k] + information[(k * p) + j]; }
        }
        return total;
    }

    /// <summary>Caller's coefficients from internal ones: β_k = γ_k / s_k, β₀ = γ₀ − Σ γ_k m_k / s_k.</summary>
    public double[] ToOriginal(ReadOnlySpan<double> gamma)
    {
        var beta = gamma.ToArray();
        for (var k = 0; k < _dense.Length; k++)
        {
            beta[_dense[k]] = gamma[_dense[k]] / _scale[k];
            if (HasIntercept) { beta[0] -= beta[_dense[k]] * _mean[k]; }
        }
        return beta;
    }

    /// <summary>Internal coefficients from the caller's.</summary>
    public double[] ToInternal(ReadOnlySpan<double> beta)
    {
        var gamma = beta.ToArray();
        for (var k = 0; k < _dense.Length; k++)
        {
            gamma[_dense[k]] = beta[_dense[k]] * _scale[k];
            if (HasIntercept) { gamma[0] += beta[_dense[k]] * _mean[k]; }
        }
        return gamma;
    }

    /// <summary>Covariance of the caller's coefficients T V Tᵀ.</summary>
    public double[] CovarianceToOriginal(double[] covariance)
    {
        var p = Columns;
        var half = (double[])covariance.Clone();
        Transform(half, p, byRow: true);
        Transform(half, p, byRow: false);
        return half;
    }

    /// <summary>Mean and scale of each column: (0, 1) for 0/1 columns.</summary>
    public (double[] Mean, double[] Scale) Units()
    {
        var mean = new double[Columns];
        var scale = new double[Columns];
        Array.Fill(scale, 1);
        for (var k = 0; k < _dense.Length; k++) { (mean[_dense[k]], scale[_dense[k]]) = (_mean[k], _scale[k]); }
        return (mean, scale);
    }

    private void Transform(double[] matrix, int p, bool byRow)
    {
        ref double At(int i, int j) => ref (byRow ? ref matrix[(i * p) + j] : ref matrix[(j * p) + i]);
        for (var k = 0; k < _dense.Length; k++)
        {
            var column = _dense[k];
            for (var j = 0; j < p; j++)
            {
                At(column, j) /= _scale[k];
                if (HasIntercept) { At(0, j) -= _mean[k] * At(column, j); }
            }
        }
    }

    private double[] Piece((int From, int To) range, double[] gamma, double[] weights, bool logLikelihood)
    {
        var p = Columns;
        var q = _dense.Length;
        var sums = new double[p + (p * p) + 1];
        Span<double> eta = stackalloc double[Block];
        Span<double> residual = stackalloc double[Block];
        Span<double> variance = stackalloc double[Block];
        Span<double> product = stackalloc double[Block];
        // Totals of one cell: Σr, Σr z, Σv, Σv z, Σv z z.
        var cellGradient = new double[q + 1];
        var cellInformation = new double[(q + 1) * (q + 1)];
        var current = -1;
        for (var b = range.From; b < range.To; b++)
        {
            var (cell, start, length) = _blocks[b];
            if (cell != current)
            {
                if (current >= 0) { Spread(_active[current], cellGradient, cellInformation, sums); }
                Array.Clear(cellGradient);
                Array.Clear(cellInformation);
                current = cell;
            }
            var level = 0.0;
            foreach (var j in _active[cell]) { level += gamma[j]; }
            var place = eta[..length];
            if (_offset is null) { place.Fill(level); }
            else { for (var i = 0; i < length; i++) { place[i] = level + _offset[start + i]; } }
            for (var k = 0; k < q; k++) { Kernels.AddScaled(gamma[_dense[k]], _values[k].AsSpan(start, length), place); }
            var (sumResidual, sumVariance, sumLog) = Weigh(place, _outcome.AsSpan(start, length), weights.AsSpan(start, length), residual[..length], variance[..length], logLikelihood);
            sums[^1] += sumLog;
            cellGradient[q] += sumResidual;
            cellInformation[((q + 1) * (q + 1)) - 1] += sumVariance;
            for (var k = 0; k < q; k++)
            {
                var z = _values[k].AsSpan(start, length);
                var (dotResidual, dotVariance) = Scale(z, residual[..length], variance[..length], product[..length]);
                cellGradient[k] += dotResidual;
                cellInformation[(k * (q + 1)) + q] += dotVariance;
                var t = product[..length];
                for (var l = k; l < q; l++) { cellInformation[(k * (q + 1)) + l] += Kernels.Dot(t, _values[l].AsSpan(start, length)); }
            }
        }
        if (current >= 0) { Spread(_active[current], cellGradient, cellInformation, sums); }
        return sums;
    }

    private void Spread(int[] active, double[] cellGradient, double[] cellInformation, double[] sums)
    {
        var p = Columns;
        var q = _dense.Length;
        var total = cellInformation[^1];
        for (var a = 0; a < active.Length; a++)
        {
            var j = active[a];
            sums[j] += cellGradient[q];
            sums[p + (j * p) + j] += total;
            for (var c = a + 1; c < active.Length; c++) { sums[p + (j * p) + active[c]] += total; }
            for (var k = 0; k < q; k++) { sums[p + (j * p) + _dense[k]] += cellInformation[(k * (q + 1)) + q]; }
        }
        for (var k = 0; k < q; k++)
        {
            sums[_dense[k]] += cellGradient[k];
            sums[p + (_dense[k] * p) + _dense[k]] += cellInformation[(k * (q + 1)) + k];
            for (var l = k + 1; l < q; l++) { sums[p + (_dense[k] * p) + _dense[l]] += cellInformation[(k * (q + 1)) + l]; }
        }
    }

    private static (double Residual, double Variance, double LogLikelihood) Weigh(ReadOnlySpan<double> eta, ReadOnlySpan<double> outcome, ReadOnlySpan<double> weights, Span<double> residual, Span<double> variance, bool logLikelihood)
    {
        var width = Vector<double>.Count;
        var one = Vector<double>.One;
        ref var e0 = ref MemoryMarshal.GetReference(eta);
        ref var y0 = ref MemoryMarshal.GetReference(outcome);
        ref var w0 = ref MemoryMarshal.GetReference(weights);
        ref var r0 = ref MemoryMarshal.GetReference(residual);
        ref var v0 = ref MemoryMarshal.GetReference(variance);
        Vector<double> sumR = Vector<double>.Zero, sumV = Vector<double>.Zero, sumL = Vector<double>.Zero;
        for (nuint i = 0; i < (nuint)eta.Length; i += (nuint)width)
        {
            var x = Vector.LoadUnsafe(ref e0, i);
            var y = Vector.LoadUnsafe(ref y0, i);
            var w = Vector.LoadUnsafe(ref w0, i);
            var e = Vector.Exp(-Vector.Abs(x));
            var q = one / (one + e);
            var low = e * q;
            var mu = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, Vector<double>.Zero), q, low);
            var r = w * (y - mu);
            var v = w * (low * q);
            r.StoreUnsafe(ref r0, i);
            v.StoreUnsafe(ref v0, i);
            sumR += r;
            sumV += v;
            if (logLikelihood) { sumL += w * ((y * x) - Vector.Max(x, Vector<double>.Zero) - Vector.Log(one + e)); }
        }
        return (Vector.Sum(sumR), Vector.Sum(sumV), Vector.Sum(sumL));
    }

    private static (double Residual, double Variance) Scale(ReadOnlySpan<double> z, ReadOnlySpan<double> residual, ReadOnlySpan<double> variance, Span<double> product)
    {
        ref var z0 = ref MemoryMarshal.GetReference(z);
        ref var r0 = ref MemoryMarshal.GetReference(residual);
        ref var v0 = ref MemoryMarshal.GetReference(variance);
        ref var p0 = ref MemoryMarshal.GetReference(product);
        Vector<double> sumR = Vector<double>.Zero, sumV = Vector<double>.Zero;
        for (nuint i = 0; i < (nuint)z.Length; i += (nuint)Vector<double>.Count)
        {
            var x = Vector.LoadUnsafe(ref z0, i);
            var t = x * Vector.LoadUnsafe(ref v0, i);
            t.StoreUnsafe(ref p0, i);
            sumV += t;
            sumR += x * Vector.LoadUnsafe(ref r0, i);
        }
        return (Vector.Sum(sumR), Vector.Sum(sumV));
    }

    private static bool IsBinary(ReadOnlySpan<double> column)
    {
        if (column[0] is not (0.0 or 1.0)) { return false; }
        ref var first = ref MemoryMarshal.GetReference(column);
        var i = 0;
        for (; i <= column.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var value = Vector.LoadUnsafe(ref first, (nuint)i);
            if (!Vector.EqualsAll(value * value, value)) { return false; }
        }
        for (; i < column.Length; i++) { if (column[i] is not (0.0 or 1.0)) { return false; } }
        return true;
    }

    private static (double Mean, double Scale) Standard(ReadOnlySpan<double> column, bool centre)
    {
        var mean = 0.0;
        if (centre)
        {
            foreach (var value in column) { mean += value; }
            mean /= column.Length;
        }
        var sum = 0.0;
        foreach (var value in column) { sum += (value - mean) * (value - mean); }
        var scale = Math.Sqrt(sum / column.Length);
        return (mean, scale > 0 && double.IsFinite(scale) ? scale : 1);
    }

    /// <summary>Rows ordered by the pattern of 0/1 columns: order, first row of each cell (one more at the end), pattern of each cell.</summary>
    private static (int[]? Order, int[] Starts, long[] Patterns) Cells(DesignMatrix design, List<int> binary)
    {
        var rows = design.Rows;
        if (binary.Count == 0) { return (null, [0, rows], [0]); }
        var code = new double[rows];
        for (var b = 0; b < binary.Count; b++) { Kernels.AddScaled(1L << b, design.Column(binary[b]), code); }
        var number = new int[rows];
        var patterns = new List<long>();
        var counts = new List<int>();
        var direct = binary.Count <= 18 ? new int[1 << binary.Count] : null;
        var byPattern = new Dictionary<long, int>();
        for (var i = 0; i < rows; i++)
        {
            var pattern = (long)code[i];
            int cell;
            if (direct is not null)
            {
                cell = direct[pattern] - 1;
                if (cell < 0) { cell = patterns.Count; direct[pattern] = cell + 1; patterns.Add(pattern); counts.Add(0); }
            }
            else if (!byPattern.TryGetValue(pattern, out cell))
            {
                cell = patterns.Count;
                byPattern[pattern] = cell;
                patterns.Add(pattern);
                counts.Add(0);
            }
            number[i] = cell;
            counts[cell]++;
        }
        var starts = new int[counts.Count + 1];
        for (var c = 0; c < counts.Count; c++) { starts[c + 1] = starts[c] + counts[c]; }
        var next = starts.AsSpan(0, counts.Count).ToArray();
        var order = new int[rows];
        for (var i = 0; i < rows; i++) { order[next[number[i]]++] = i; }
        return (order, starts, [.. patterns]);
    }
}
