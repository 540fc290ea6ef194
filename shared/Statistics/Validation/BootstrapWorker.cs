using System.Numerics;
using System.Runtime.InteropServices;
using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.LinearAlgebra;
using BoneMet.Statistics.Regression;

namespace BoneMet.Statistics.Validation;

/// <summary>Buffers of one thread and the steps of one bootstrap replicate: draw, refit from the full model's coefficients, measure.</summary>
internal sealed class BootstrapWorker
{
    private readonly GroupedDesign _data;
    private readonly double[] _start;
    private readonly int _rows;
    private readonly int[] _placeOf;
    private readonly double[] _weights;
    private readonly double[] _eta;
    private readonly double[] _outcome;
    private readonly double[] _predictor;
    private readonly double[] _probability;
    private readonly double[] _rowWeights;
    private readonly int[] _order;
    private readonly int[] _keys;
    private readonly int[] _scratch;
    private readonly double[] _sortedX;
    private readonly double[] _sortedY;
    private readonly double[] _smooth;

    /// <param name="data">Grouped rows of the model's data.</param>
    /// <param name="start">Internal coefficients of the full model.</param>
    /// <param name="outcome">Outcome in row order.</param>
    public BootstrapWorker(GroupedDesign data, double[] start, double[] outcome)
    {
        (_data, _start, _outcome, _rows) = (data, start, outcome, outcome.Length);
        _placeOf = new int[_rows];
        for (var i = 0; i < data.RowAt.Length; i++) { if (data.RowAt[i] >= 0) { _placeOf[data.RowAt[i]] = i; } }
        (_weights, _eta) = (new double[data.Length], new double[data.Length]);
        (_predictor, _probability, _rowWeights) = (new double[_rows], new double[_rows], new double[_rows]);
        (_order, _keys, _scratch) = (new int[_rows], new int[_rows], new int[_rows]);
        (_sortedX, _sortedY, _smooth) = (new double[_rows], new double[_rows], new double[_rows]);
    }

    /// <summary>Training and test indexes of one replicate, or null where its model cannot be fitted.</summary>
    public (double[] Training, double[] Test)? Validate(ReplicateStream stream)
    {
        Draw(stream);
        return Validate(_rowWeights);
    }

    /// <summary>The same for a sample given as the number of times each row was drawn.</summary>
    public (double[] Training, double[] Test)? Validate(double[] counts)
    {
        if (!Refit(counts)) { return null; }
        RankSort.Order(_predictor, _order, _keys, _scratch);
        Kernels.Logistic(_predictor, _probability);
        var sums = Sums();
        var training = Training(sums.WeightedLogLikelihood, sums.WeightedSquares);
        var test = Test(sums.LogLikelihood, sums.Squares);
        return test is null ? null : (training, test);
    }

    /// <summary>Indexes of the full model on its own data.</summary>
    public ValidationIndexes Apparent()
    {
        Array.Fill(_rowWeights, 1);
        Predict(_start);
        RankSort.Order(_predictor, _order, _keys, _scratch);
        Kernels.Logistic(_predictor, _probability);
        var sums = Sums();
        var t = Training(sums.WeightedLogLikelihood, sums.WeightedSquares);
        return new ValidationIndexes(t[0], t[1], 0, 1, t[4], t[5], t[6], t[7], t[8], t[9]);
    }

    /// <summary>Calibration error (lowess − predicted) at the points, on the sample of the fit and on all data; NaN outside their range.</summary>
    public (double[] Training, double[] Test)? Calibrate(ReplicateStream stream, double[] points)
    {
        Draw(stream);
        return Calibrate(_rowWeights, points);
    }

    /// <summary>The same for a sample given as the number of times each row was drawn.</summary>
    public (double[] Training, double[] Test)? Calibrate(double[] counts, double[] points)
    {
        if (!Refit(counts)) { return null; }
        Kernels.Logistic(_predictor, _probability);
        RankSort.Order(_probability, _order, _keys, _scratch);
        var n = 0;
        foreach (var row in _order)
        {
            for (var copies = (int)_rowWeights[row]; copies > 0; copies--)
            {
                _sortedX[n] = _probability[row];
                _sortedY[n++] = _outcome[row];
            }
        }
        var training = Errors(points);
        for (var i = 0; i < _rows; i++) { (_sortedX[i], _sortedY[i]) = (_probability[_order[i]], _outcome[_order[i]]); }
        return (training, Errors(points));
    }

    private double[] Errors(double[] points)
    {
        Lowess.Smooth(_sortedX, _sortedY, _smooth, 2.0 / 3, 0.01 * (_sortedX[^1] - _sortedX[0]));
        return [.. points.Select(p => Lowess.Interpolate(_sortedX, _smooth, p) - p)];
    }

    private void Draw(ReplicateStream stream)
    {
        Array.Clear(_rowWeights);
        for (var i = 0; i < _rows; i++) { _rowWeights[stream.Next(_rows)]++; }
    }

    private bool Refit(double[] counts)
    {
        counts.CopyTo(_rowWeights, 0);
        double events = 0;
        for (var i = 0; i < _rows; i++)
        {
            _weights[_placeOf[i]] = _rowWeights[i];
            events += _rowWeights[i] * _outcome[i];
        }
        if (events == 0 || events == _rows) { return false; }
        var fit = Newton.Solve(_data, _weights, _start, tolerance: 1e-9, maxIterations: 9, guarded: false);
        if (!fit.Converged || !double.IsFinite(fit.Gamma[0])) { fit = Newton.Solve(_data, _weights, new double[_start.Length], tolerance: 1e-9, maxIterations: 25); }
        if (!fit.Converged) { return false; }
        Predict(fit.Gamma);
        return true;
    }

    private void Predict(double[] gamma)
    {
        _data.LinearPredictor(gamma, _eta);
        for (var i = 0; i < _rows; i++) { _predictor[i] = _eta[_placeOf[i]]; }
    }

    private (double LogLikelihood, double Squares, double WeightedLogLikelihood, double WeightedSquares) Sums()
    {
        double l = 0, s = 0, wl = 0, ws = 0;
        var i = 0;
        ref var x0 = ref MemoryMarshal.GetArrayDataReference(_predictor);
        ref var p0 = ref MemoryMarshal.GetArrayDataReference(_probability);
        ref var y0 = ref MemoryMarshal.GetArrayDataReference(_outcome);
        ref var w0 = ref MemoryMarshal.GetArrayDataReference(_rowWeights);
        Vector<double> vl = default, vs = default, vwl = default, vws = default;
        for (; i <= _rows - Vector<double>.Count; i += Vector<double>.Count)
        {
            var x = Vector.LoadUnsafe(ref x0, (nuint)i);
            var y = Vector.LoadUnsafe(ref y0, (nuint)i);
            var w = Vector.LoadUnsafe(ref w0, (nuint)i);
            var r = y - Vector.LoadUnsafe(ref p0, (nuint)i);
            var term = (y * x) - Vector.Max(x, Vector<double>.Zero) - Vector.Log(Vector<double>.One + Vector.Exp(-Vector.Abs(x)));
            vl += term;
            vwl += w * term;
            vs += r * r;
            vws += w * r * r;
        }
        (l, s, wl, ws) = (Vector.Sum(vl), Vector.Sum(vs), Vector.Sum(vwl), Vector.Sum(vws));
        for (; i < _rows; i++)
        {
            var term = (_outcome[i] * _predictor[i]) - Math.Max(_predictor[i], 0) - Math.Log(1 + Math.Exp(-Math.Abs(_predictor[i])));
            var r = _outcome[i] - _probability[i];
            l += term;
            wl += _rowWeights[i] * term;
            s += r * r;
            ws += _rowWeights[i] * r * r;
        }
        return (l, s, wl, ws);
    }

    private double[] Training(double logLikelihood, double squares)
    {
        double n = _rows, events = 0;
        for (var i = 0; i < _rows; i++) { events += _rowWeights[i] * _outcome[i]; }
        var null0 = NullLogLikelihood(events, n);
        var lr = 2 * (logLikelihood - null0);
        double concordant = 0, below = 0, g = 0, gp = 0, at = 0;
        for (var start = 0; start < _rows;)
        {
            var value = _predictor[_order[start]];
            double cases = 0, all = 0;
            var end = start;
            for (; end < _rows && _predictor[_order[end]] == value; end++)
            {
                var row = _order[end];
                all += _rowWeights[row];
                cases += _rowWeights[row] * _outcome[row];
            }
            concordant += cases * (below + (0.5 * (all - cases)));
            below += all - cases;
            var rank = all * ((2 * at) + all - n);
            g += rank * value;
            gp += rank * _probability[_order[start]];
            at += all;
            start = end;
        }
        var pairs = n * (n - 1) / 2;
        return Indexes((2 * concordant / (events * (n - events))) - 1, lr, null0, n, 0, 1, -2 / n, squares / n, g / pairs, gp / pairs);
    }

    private double[]? Test(double logLikelihood, double squares)
    {
        if (LogisticCalibration.Solve(_predictor, _outcome, slope: true) is not { } again) { return null; }
        double n = _rows, events = 0, concordant = 0, below = 0, g = 0, gp = 0;
        for (var i = 0; i < _rows; i++) { _sortedX[i] = again.Intercept + (again.Slope * _predictor[_order[i]]); }
        Kernels.Logistic(_sortedX, _sortedY);
        for (var start = 0; start < _rows;)
        {
            var value = _predictor[_order[start]];
            double cases = 0, rank = 0;
            var end = start;
            for (; end < _rows && _predictor[_order[end]] == value; end++)
            {
                cases += _outcome[_order[end]];
                rank += (2.0 * end) + 1 - n;
            }
            g += rank * value;
            gp += rank * _sortedY[start];
            concordant += cases * (below + (0.5 * (end - start - cases)));
            below += end - start - cases;
            events += cases;
            start = end;
        }
        var pairs = n * (n - 1) / 2;
        var null0 = NullLogLikelihood(events, n);
        var u = ((2 * (again.LogLikelihood - logLikelihood)) - 2) / n;
        return Indexes((2 * concordant / (events * (n - events))) - 1, 2 * (again.LogLikelihood - null0), null0, n, again.Intercept, again.Slope, u, squares / n,
            Math.Abs(again.Slope) * g / pairs, Math.Abs(gp) / pairs);
    }

    private static double[] Indexes(double dxy, double lr, double null0, double n, double intercept, double slope, double u, double brier, double g, double gp)
    {
        var d = (lr - 1) / n;
        return [dxy, (1 - Math.Exp(-lr / n)) / (1 - Math.Exp(2 * null0 / n)), intercept, slope, d, u, d - u, brier, g, gp];
    }

    private static double NullLogLikelihood(double events, double n) => (events * Math.Log(events / n)) + ((n - events) * Math.Log((n - events) / n));
}
