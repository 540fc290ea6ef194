using System.Numerics;
using System.Runtime.InteropServices;

namespace BoneMet.Statistics.Survival;

/// <summary>Subjects sorted by stratum and time, from which the partial likelihood and its derivatives are computed in one sweep each way.</summary>
/// <remarks>
/// The second moments over the risk sets need no matrix per event: Σ over events of S₂/S₀ equals Σ over subjects of r x xᵀ H(t), with H the
/// cumulated hazard up to the subject's time. The sweep backwards in time gives S₀ and S₁ and the hazard steps, the sweep forwards gives H.
/// </remarks>
internal sealed class RiskSets
{
    private const int Padding = 8;                    // a multiple of every vector width
    private const int Chunk = 8192;                   // rows summed together, the same on any number of threads
    private readonly int _n;
    private readonly int _p;
    private readonly int _stride;
    private readonly int[] _order;
    private readonly double[] _x;                     // sorted, centred, scaled, row-major with padding
    private readonly double[] _weight;
    private readonly double[] _offset;
    private readonly bool[] _event;
    private readonly List<int> _groups = [];          // start of each (stratum, time)
    private readonly List<int> _firstGroups = [];     // first group of each stratum
    private readonly double[] _scale;
    private readonly double[] _centre;
    private readonly TieHandling _ties;
    private readonly double[] _eta;
    private readonly double[] _risk;
    private readonly double[] _expected;
    private readonly double[] _hazardAll;
    private readonly double[] _hazardDead;

    public RiskSets(CoxData data, TieHandling ties)
    {
        _n = data.Time.Length;
        _p = data.Columns.Count;
        _stride = Math.Max(Padding, (_p + Padding - 1) / Padding * Padding);
        _ties = ties;
        _order = new int[_n];
        for (var i = 0; i < _n; i++) { _order[i] = i; }
        var time = (double[])data.Time.Clone();
        if (data.Strata is { } strata)
        {
            var keys = new (int, double)[_n];
            for (var i = 0; i < _n; i++) { keys[i] = (strata[i], time[i]); }
            Array.Sort(keys, _order);
            for (var i = 0; i < _n; i++) { time[i] = keys[i].Item2; }
        }
        else { Array.Sort(time, _order); }

        Means = new double[_p];
        Origin = new double[_p];
        _scale = new double[_p];
        _centre = new double[_p];
        _x = new double[_n * _stride];
        for (var j = 0; j < _p; j++)
        {
            var column = data.Columns[j];
            double sum = 0, spread = 0;
            foreach (var value in column) { sum += value; }
            var mean = Means[j] = sum / _n;
            var signs = true;
            foreach (var value in column)
            {
                spread += Math.Abs(value - mean);
                signs &= value is -1 or 0 or 1;
            }
            Origin[j] = signs ? 0 : mean;
            var scale = _scale[j] = signs ? 1 : spread > 0 ? _n / spread : 1;
            var centre = _centre[j] = Origin[j];          // dummies stay 0 and 1: their zeros cost nothing below
            for (var i = 0; i < _n; i++) { _x[(i * _stride) + j] = (column[_order[i]] - centre) * scale; }
        }
        _weight = new double[_n];
        _offset = new double[_n];
        _event = new bool[_n];
        _eta = new double[_n];
        _risk = new double[_n];
        _expected = new double[_n];
        for (var i = 0; i < _n; i++)
        {
            var row = _order[i];
            _weight[i] = data.Weights is null ? 1 : data.Weights[row];
            _offset[i] = data.Offset is null ? 0 : data.Offset[row];
            _event[i] = data.Status[row] != 0;
            var newStratum = i == 0 || (data.Strata is not null && data.Strata[row] != data.Strata[_order[i - 1]]);
            if (newStratum) { _firstGroups.Add(_groups.Count); }
            if (newStratum || time[i] != time[i - 1]) { _groups.Add(i); }
        }
        _firstGroups.Add(_groups.Count);
        _groups.Add(_n);
        Times = time;
        _hazardAll = new double[_groups.Count];
        _hazardDead = new double[_groups.Count];
    }

    public double[] Means { get; }

    /// <summary>Where R's linear predictor is 0: the means, but 0 for columns that hold only −1, 0 and 1 (<c>nocenter</c> of <c>coxph</c>).</summary>
    public double[] Origin { get; }

    /// <summary>Subjects by stratum and time.</summary>
    public int[] Order => _order;

    /// <summary>Times in sorted order.</summary>
    public double[] Times { get; }

    /// <summary>Log-likelihood at the (scaled) coefficients, with score and information (full, row-major p × p).</summary>
    public double Evaluate(ReadOnlySpan<double> beta, Span<double> score, Span<double> information)
    {
        Span<double> b = stackalloc double[_stride];
        b.Clear();
        beta.CopyTo(b);
        Predict(b.ToArray());

        var likelihood = 0.0;
        var gradient = new double[_stride];
        var outer = new double[_stride * _stride];
        var s1 = new double[_stride];
        var d1 = new double[_stride];
        var mean = new double[_stride];
        for (var stratum = 0; stratum + 1 < _firstGroups.Count; stratum++)
        {
            var s0 = 0.0;
            Array.Clear(s1);
            for (var group = _firstGroups[stratum + 1] - 1; group >= _firstGroups[stratum]; group--)
            {
                double d0 = 0, weight = 0;
                var deaths = 0;
                for (var i = _groups[group]; i < _groups[group + 1]; i++)
                {
                    s0 += _risk[i];
                    var row = _x.AsSpan(i * _stride, _stride);
                    Add(s1, row, _risk[i]);
                    if (!_event[i]) { continue; }
                    if (deaths++ == 0) { Array.Clear(d1); }
                    d0 += _risk[i];
                    weight += _weight[i];
                    Add(d1, row, _risk[i]);
                    likelihood += _weight[i] * _eta[i];
                    Add(gradient, row, _weight[i]);
                }
                _hazardAll[group] = 0;
                _hazardDead[group] = 0;
                if (deaths == 0) { continue; }
                var passes = _ties == TieHandling.Efron ? deaths : 1;
                var share = weight / passes;
                for (var k = 0; k < passes; k++)
                {
                    var fraction = (double)k / passes;
                    var denominator = s0 - (fraction * d0);
                    likelihood -= share * Math.Log(denominator);
                    _hazardAll[group] += share / denominator;
                    _hazardDead[group] += share * (1 - fraction) / denominator;
                    Mean(mean, s1, d1, fraction, 1 / denominator);
                    AddOuter(outer, mean, -share);
                }
            }

            var hazard = 0.0;
            for (var group = _firstGroups[stratum]; group < _firstGroups[stratum + 1]; group++)
            {
                var dead = hazard + _hazardDead[group];
                hazard += _hazardAll[group];
                for (var i = _groups[group]; i < _groups[group + 1]; i++) { _expected[i] = _risk[i] * (_event[i] ? dead : hazard); }
            }
        }
        AddSecondMoments(gradient, outer);
        for (var a = 0; a < _p; a++)
        {
            score[a] = gradient[a];
            for (var c = a; c < _p; c++) { information[(a * _p) + c] = information[(c * _p) + a] = outer[(a * _stride) + c]; }
        }
        return likelihood;
    }

    /// <summary>Σ over subjects of expected · x and expected · x xᵀ, in chunks that are summed in order.</summary>
    private void AddSecondMoments(double[] gradient, double[] outer)
    {
        var chunks = (_n + Chunk - 1) / Chunk;
        var sums = new (double[] Gradient, double[] Outer)[chunks];
        if (chunks == 1) { Sum(0); } else { Parallel.For(0, chunks, Sum); }
        foreach (var (g, o) in sums)
        {
            for (var j = 0; j < g.Length; j++) { gradient[j] -= g[j]; }
            for (var j = 0; j < o.Length; j++) { outer[j] += o[j]; }
        }

        void Sum(int chunk)
        {
            var g = new double[_stride];
            var o = new double[_stride * _stride];
            var end = Math.Min(_n, (chunk + 1) * Chunk);
            for (var i = chunk * Chunk; i < end; i++)
            {
                if (_expected[i] == 0) { continue; }
                var row = _x.AsSpan(i * _stride, _stride);
                Add(g, row, _expected[i]);
                AddOuter(o, row, _expected[i]);
            }
            sums[chunk] = (g, o);
        }
    }

    /// <summary>Evaluates at coefficients of the columns as given, for the hazards.</summary>
    public void EvaluateAt(ReadOnlySpan<double> beta)
    {
        var scaled = new double[_p];
        for (var j = 0; j < _p; j++) { scaled[j] = beta[j] / _scale[j]; }
        Evaluate(scaled, new double[_p], new double[_p * _p]);
    }

    /// <summary>Turns scaled coefficients and their covariance into those of the columns as given.</summary>
    public void Unscale(Span<double> beta, Span<double> covariance)
    {
        for (var i = 0; i < _p; i++)
        {
            beta[i] *= _scale[i];
            for (var j = 0; j < _p; j++) { covariance[(i * _p) + j] *= _scale[i] * _scale[j]; }
        }
    }

    /// <summary>What the linear predictor at the centre of the columns as kept exceeds that at <see cref="Origin"/> by.</summary>
    public double Shift(ReadOnlySpan<double> beta)
    {
        var shift = 0.0;
        for (var j = 0; j < _p; j++) { shift += beta[j] * (_centre[j] - Origin[j]); }
        return shift;
    }

    /// <summary>Linear predictor of each subject, in the order given, 0 at <see cref="Origin"/>.</summary>
    public double[] CentredPredictor(ReadOnlySpan<double> beta)
    {
        var predictor = new double[_n];
        var shift = Shift(beta);
        for (var i = 0; i < _n; i++)
        {
            var sum = _offset[i] + shift;
            for (var j = 0; j < _p; j++) { sum += beta[j] / _scale[j] * _x[(i * _stride) + j]; }
            predictor[_order[i]] = sum;
        }
        return predictor;
    }

    /// <summary>Cumulated baseline hazard by stratum, after <see cref="Evaluate"/>: (stratum, time, hazard) at each distinct time.</summary>
    public IEnumerable<(int Stratum, double Time, double Hazard, int AtRisk, int Events)> Hazards()
    {
        for (var stratum = 0; stratum + 1 < _firstGroups.Count; stratum++)
        {
            var hazard = 0.0;
            for (var group = _firstGroups[stratum]; group < _firstGroups[stratum + 1]; group++)
            {
                hazard += _hazardAll[group];
                var events = 0;
                for (var i = _groups[group]; i < _groups[group + 1]; i++) { if (_event[i]) { events++; } }
                yield return (stratum, Times[_groups[group]], hazard, _groups[_firstGroups[stratum + 1]] - _groups[group], events);
            }
        }
    }

    /// <summary>
    /// Score and information of the coefficients of x·g(t) beside those of x, at <paramref name="beta"/> (unscaled columns, centred):
    /// the pieces of Grambsch and Therneau's test as <c>cox.zph</c> of survival 3 computes them.
    /// </summary>
    public void TimeVarying(ReadOnlySpan<double> beta, Func<double, double> g, Span<double> score, Span<double> information)
    {
        EvaluateAt(beta);
        var q = 2 * _p;
        var plain = new double[_p * _p];
        var once = new double[_p * _p];
        var twice = new double[_p * _p];
        var u = new double[_p];
        var s1 = new double[_p];
        var d1 = new double[_p];
        var mean = new double[_p];
        for (var stratum = 0; stratum + 1 < _firstGroups.Count; stratum++)
        {
            var s0 = 0.0;
            Array.Clear(s1);
            for (var group = _firstGroups[stratum + 1] - 1; group >= _firstGroups[stratum]; group--)
            {
                double d0 = 0, weight = 0;
                var deaths = 0;
                var at = g(Times[_groups[group]]);
                Array.Clear(d1);
                for (var i = _groups[group]; i < _groups[group + 1]; i++)
                {
                    s0 += _risk[i];
                    for (var j = 0; j < _p; j++) { s1[j] += _risk[i] * _x[(i * _stride) + j]; }
                    if (!_event[i]) { continue; }
                    deaths++;
                    d0 += _risk[i];
                    weight += _weight[i];
                    for (var j = 0; j < _p; j++)
                    {
                        d1[j] += _risk[i] * _x[(i * _stride) + j];
                        u[j] += at * _weight[i] * _x[(i * _stride) + j];
                    }
                }
                if (deaths == 0) { continue; }
                var passes = _ties == TieHandling.Efron ? deaths : 1;
                var share = weight / passes;
                for (var k = 0; k < passes; k++)
                {
                    var fraction = (double)k / passes;
                    var denominator = s0 - (fraction * d0);
                    for (var j = 0; j < _p; j++)
                    {
                        mean[j] = (s1[j] - (fraction * d1[j])) / denominator;
                        u[j] -= at * share * mean[j];
                    }
                    AddOuter(plain, once, twice, mean, -share, at, at * at);
                }
            }

            double hazard = 0, hazard1 = 0, hazard2 = 0;
            for (var group = _firstGroups[stratum]; group < _firstGroups[stratum + 1]; group++)
            {
                var at = g(Times[_groups[group]]);
                double dead = hazard + _hazardDead[group], dead1 = hazard1 + (at * _hazardDead[group]), dead2 = hazard2 + (at * at * _hazardDead[group]);
                hazard += _hazardAll[group];
                hazard1 += at * _hazardAll[group];
                hazard2 += at * at * _hazardAll[group];
                for (var i = _groups[group]; i < _groups[group + 1]; i++)
                {
                    var (h, h1, h2) = _event[i] ? (dead, dead1, dead2) : (hazard, hazard1, hazard2);
                    if (h == 0) { continue; }
                    AddOuter(plain, once, twice, _x.AsSpan(i * _stride, _p), _risk[i] * h, h1 / h, h2 / h);
                }
            }
        }
        for (var a = 0; a < _p; a++)
        {
            score[a] = 0;
            score[_p + a] = u[a] / _scale[a];
            for (var c = 0; c < _p; c++)
            {
                var scale = 1 / (_scale[a] * _scale[c]);
                information[(a * q) + c] = plain[(a * _p) + c] * scale;
                information[(a * q) + _p + c] = information[((_p + c) * q) + a] = once[(a * _p) + c] * scale;
                information[((_p + a) * q) + _p + c] = twice[(a * _p) + c] * scale;
            }
        }
    }

    private static void AddOuter(double[] plain, double[] once, double[] twice, ReadOnlySpan<double> x, double weight, double first, double second)
    {
        var p = x.Length;
        for (var a = 0; a < p; a++)
        {
            for (var c = 0; c < p; c++)
            {
                var product = weight * x[a] * x[c];
                plain[(a * p) + c] += product;
                once[(a * p) + c] += product * first;
                twice[(a * p) + c] += product * second;
            }
        }
    }

    private void Predict(double[] beta)
    {
        var chunks = (_n + Chunk - 1) / Chunk;
        if (chunks == 1) { Part(0); } else { Parallel.For(0, chunks, Part); }

        void Part(int chunk)
        {
            var end = Math.Min(_n, (chunk + 1) * Chunk);
            for (var i = chunk * Chunk; i < end; i++)
            {
                _eta[i] = _offset[i] + Dot(beta, _x.AsSpan(i * _stride, _stride));
                _risk[i] = _weight[i] * Math.Exp(Math.Min(_eta[i], 500));
            }
        }
    }

    /// <summary>(S₁ − fraction · D₁) · inverse.</summary>
    private static void Mean(Span<double> mean, ReadOnlySpan<double> s1, ReadOnlySpan<double> d1, double fraction, double inverse)
    {
        ref var m = ref MemoryMarshal.GetReference(mean);
        ref var s = ref MemoryMarshal.GetReference(s1);
        ref var d = ref MemoryMarshal.GetReference(d1);
        var f = new Vector<double>(fraction);
        var v = new Vector<double>(inverse);
        for (nuint i = 0; i < (nuint)mean.Length; i += (nuint)Vector<double>.Count) { ((Vector.LoadUnsafe(ref s, i) - (f * Vector.LoadUnsafe(ref d, i))) * v).StoreUnsafe(ref m, i); }
    }

    /// <summary>Sum of products; both have the padded length.</summary>
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var ra = ref MemoryMarshal.GetReference(a);
        ref var rb = ref MemoryMarshal.GetReference(b);
        var sum = Vector<double>.Zero;
        for (nuint i = 0; i < (nuint)a.Length; i += (nuint)Vector<double>.Count) { sum += Vector.LoadUnsafe(ref ra, i) * Vector.LoadUnsafe(ref rb, i); }
        return Vector.Sum(sum);
    }

    private static void Add(Span<double> target, ReadOnlySpan<double> row, double weight)
    {
        ref var t = ref MemoryMarshal.GetReference(target);
        ref var r = ref MemoryMarshal.GetReference(row);
        var w = new Vector<double>(weight);
        for (nuint i = 0; i < (nuint)target.Length; i += (nuint)Vector<double>.Count) { (Vector.LoadUnsafe(ref t, i) + (w * Vector.LoadUnsafe(ref r, i))).StoreUnsafe(ref t, i); }
    }

    /// <summary>Upper triangle of weight · x xᵀ, in blocks of the vector width; matrix and row have the padded stride, so no block leaves them.</summary>
    private void AddOuter(Span<double> matrix, ReadOnlySpan<double> row, double weight)
    {
        ref var m = ref MemoryMarshal.GetReference(matrix);
        ref var x = ref MemoryMarshal.GetReference(row);
        var width = Vector<double>.Count;
        for (var a = 0; a < _p; a++)
        {
            var factor = row[a];
            if (factor == 0) { continue; }
            var w = new Vector<double>(weight * factor);
            var line = (nuint)(a * _stride);
            for (var block = (nuint)(a / width * width); block < (nuint)_stride; block += (nuint)width) { (Vector.LoadUnsafe(ref m, line + block) + (w * Vector.LoadUnsafe(ref x, block))).StoreUnsafe(ref m, line + block); }
        }
    }
}
