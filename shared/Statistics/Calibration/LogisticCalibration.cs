using System.Numerics;
using System.Runtime.InteropServices;
using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Calibration;

/// <summary>Cox's calibration: logit P(y = 1) = a + b·lp, with the covariance of (a, b).</summary>
/// <param name="Intercept">a: 0 when right.</param>
/// <param name="Slope">b: 1 when right, below 1 when predictions are too extreme.</param>
/// <param name="InterceptVariance">Var a.</param>
/// <param name="SlopeVariance">Var b (0 where the slope is held at 1).</param>
/// <param name="Covariance">Cov(a, b).</param>
/// <param name="LogLikelihood">ln L at (a, b).</param>
/// <param name="LogLikelihoodAsGiven">ln L at (0, 1): the predictions as they are.</param>
/// <remarks>Cox 1958, Biometrika 45:562; Miller et al. 1993.</remarks>
public sealed record LogisticCalibration(double Intercept, double Slope, double InterceptVariance, double SlopeVariance, double Covariance, double LogLikelihood, double LogLikelihoodAsGiven)
{
    /// <summary>Fits intercept and slope to the linear predictor (log-odds) of a model.</summary>
    /// <exception cref="StatisticsException">Bad input, one class, a constant predictor, or predictors that separate the classes.</exception>
    public static LogisticCalibration Fit(double[] linearPredictor, double[] outcome)
    {
        Check(linearPredictor, outcome);
        return Solve(linearPredictor, outcome, slope: true) ?? throw new StatisticsException("separation", "The predictions separate the classes or do not vary: a calibration slope cannot be estimated.");
    }

    /// <summary>Calibration in the large: the intercept with the slope held at 1.</summary>
    /// <exception cref="StatisticsException">Bad input or one class.</exception>
    public static LogisticCalibration InTheLarge(double[] linearPredictor, double[] outcome)
    {
        Check(linearPredictor, outcome);
        return Solve(linearPredictor, outcome, slope: false) ?? throw new StatisticsException("not-converged", "The calibration intercept did not converge.");
    }

    /// <summary>The fit, or null where it does not exist.</summary>
    internal static LogisticCalibration? Solve(ReadOnlySpan<double> x, ReadOnlySpan<double> y, bool slope)
    {
        double a = 0, b = 1, previousA = 0, previousB = 1, last = double.NegativeInfinity, asGiven = 0;
        for (var iteration = 0; iteration < 60; iteration++)
        {
            var s = Sum(x, y, a, b);
            if (iteration == 0) { asGiven = s.LogLikelihood; }
            for (var halvings = 0; !(s.LogLikelihood >= last - (1e-9 * (1 + Math.Abs(last)))) && halvings < 40; halvings++)
            {
                (a, b) = ((a + previousA) / 2, (b + previousB) / 2);
                s = Sum(x, y, a, b);
            }
            last = s.LogLikelihood;
            (previousA, previousB) = (a, b);
            if (!slope)
            {
                if (!(s.V > 0)) { return null; }
                var step = s.R / s.V;
                a += step;
                if (step * s.R < 1e-16) { return new LogisticCalibration(a, 1, 1 / s.V, 0, 0, last, asGiven); }
                continue;
            }
            var determinant = (s.V * s.Vxx) - (s.Vx * s.Vx);
            if (!(determinant > 1e-12 * s.V * s.Vxx)) { return null; }
            var stepA = ((s.Vxx * s.R) - (s.Vx * s.Rx)) / determinant;
            var stepB = ((s.V * s.Rx) - (s.Vx * s.R)) / determinant;
            a += stepA;
            b += stepB;
            if ((stepA * s.R) + (stepB * s.Rx) < 1e-14)
            {
                return new LogisticCalibration(a, b, s.Vxx / determinant, s.V / determinant, -s.Vx / determinant, last + (0.5 * ((stepA * s.R) + (stepB * s.Rx))), asGiven);
            }
        }
        return null;
    }

    private static (double R, double Rx, double V, double Vx, double Vxx, double LogLikelihood) Sum(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double a, double b)
    {
        ref var x0 = ref MemoryMarshal.GetReference(x);
        ref var y0 = ref MemoryMarshal.GetReference(y);
        var (va, vb, one, zero) = (new Vector<double>(a), new Vector<double>(b), Vector<double>.One, Vector<double>.Zero);
        Vector<double> r = zero, rx = zero, v = zero, vx = zero, vxx = zero, l = zero;
        var i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var z = Vector.LoadUnsafe(ref x0, (nuint)i);
            var t = Vector.LoadUnsafe(ref y0, (nuint)i);
            var eta = va + (vb * z);
            var e = Vector.Exp(-Vector.Abs(eta));
            var q = one / (one + e);
            var low = e * q;
            var residual = t - Vector.ConditionalSelect(Vector.GreaterThanOrEqual(eta, zero), q, low);
            var weight = low * q;
            var wx = weight * z;
            r += residual;
            rx += residual * z;
            v += weight;
            vx += wx;
            vxx += wx * z;
            l += (t * eta) - Vector.Max(eta, zero) - Vector.Log(one + e);
        }
        double sr = Vector.Sum(r), srx = Vector.Sum(rx), sv = Vector.Sum(v), svx = Vector.Sum(vx), svxx = Vector.Sum(vxx), sl = Vector.Sum(l);
        for (; i < x.Length; i++)
        {
            var eta = a + (b * x[i]);
            var e = Math.Exp(-Math.Abs(eta));
            var residual = y[i] - Kernels.Logistic(eta);
            var weight = e / ((1 + e) * (1 + e));
            sr += residual;
            srx += residual * x[i];
            sv += weight;
            svx += weight * x[i];
            svxx += weight * x[i] * x[i];
            sl += (y[i] * eta) - Math.Max(eta, 0) - Math.Log(1 + e);
        }
        return (sr, srx, sv, svx, svxx, sl);
    }

    private static void Check(double[] linearPredictor, double[] outcome)
    {
        ArgumentNullException.ThrowIfNull(linearPredictor);
        ArgumentNullException.ThrowIfNull(outcome);
        if (linearPredictor.Length != outcome.Length) { throw new StatisticsException("shape", $"{linearPredictor.Length} predictions were given for {outcome.Length} outcomes."); }
        if (outcome.Length == 0) { throw new StatisticsException("no-rows", "There are no rows: calibration cannot be measured."); }
        var events = 0;
        for (var i = 0; i < outcome.Length; i++)
        {
            if (!double.IsFinite(linearPredictor[i])) { throw new StatisticsException("not-a-number", $"The linear predictor of row {i + 1} is not a finite number."); }
            if (outcome[i] is not (0.0 or 1.0)) { throw new StatisticsException("not-binary", $"The outcome of row {i + 1} is {outcome[i]}; it must be 0 or 1."); }
            events += (int)outcome[i];
        }
        if (events == 0 || events == outcome.Length) { throw new StatisticsException("one-class", $"All {outcome.Length} outcomes are {outcome[0]}: calibration needs both classes."); }
    }
}
