namespace BoneMet.Cohorts.Fitting;

/// <summary>Area under the ROC curve with DeLong's placements (DeLong 1988; midranks after Sun and Xu 2014).</summary>
internal sealed class DeLongAuc
{
    private readonly double[] _cases;
    private readonly double[] _controls;

    public DeLongAuc(double[] score, double[] y)
    {
        var n = score.Length;
        var sorted = (double[])score.Clone();
        var order = new int[n];
        for (var i = 0; i < n; i++) { order[i] = i; }
        Array.Sort(sorted, order);
        var m = 0;
        foreach (var value in y) { if (value > 0) { m++; } }
        var k = n - m;
        _cases = new double[n];
        _controls = new double[n];
        var sum = 0.0;
        double casesBelow = 0, controlsBelow = 0;
        for (var at = 0; at < n;)
        {
            var end = at;
            double cases = 0, controls = 0;
            for (; end < n && sorted[end] == sorted[at]; end++) { if (y[order[end]] > 0) { cases++; } else { controls++; } }
            for (var i = at; i < end; i++)
            {
                var row = order[i];
                if (y[row] > 0)
                {
                    _cases[row] = (controlsBelow + (controls / 2)) / k;
                    sum += _cases[row];
                }
                else { _controls[row] = 1 - ((casesBelow + (cases / 2)) / m); }
            }
            casesBelow += cases;
            controlsBelow += controls;
            at = end;
        }
        Outcome = y;
        Cases = m;
        Controls = k;
        Value = sum / m;
        Variance = Covariance(this, this);
    }

    public double Value { get; }

    public double Variance { get; }

    public int Cases { get; }

    public int Controls { get; }

    private double[] Outcome { get; }

    /// <summary>Normal limits, cut at 0 and 1 as pROC.</summary>
    public (double Low, double High) Limits()
    {
        var half = Normal.Z95 * Math.Sqrt(Variance);
        return (Math.Max(0, Value - half), Math.Min(1, Value + half));
    }

    /// <summary>Covariance of two areas on the same subjects.</summary>
    public static double Covariance(DeLongAuc a, DeLongAuc b)
    {
        double cases = 0, controls = 0;
        for (var i = 0; i < a.Outcome.Length; i++)
        {
            if (a.Outcome[i] > 0) { cases += (a._cases[i] - a.Value) * (b._cases[i] - b.Value); }
            else { controls += (a._controls[i] - a.Value) * (b._controls[i] - b.Value); }
        }
        return (cases / (a.Cases - 1) / a.Cases) + (controls / (a.Controls - 1) / a.Controls);
    }

    /// <summary>Paired test of equal areas.</summary>
    public static (double Z, double P) Compare(DeLongAuc a, DeLongAuc b)
    {
        var z = (a.Value - b.Value) / Math.Sqrt(a.Variance + b.Variance - (2 * Covariance(a, b)));
        return (z, Normal.TwoSided(z));
    }
}
