namespace BoneMet.Statistics.Regression;

/// <summary>Centred and scaled copies of a design, and the way back to the caller's units.</summary>
internal static class Units
{
    /// <summary>Row-major n × p values (x − mean)/scale; the intercept stays.</summary>
    public static double[] Standardise(DesignMatrix design, out double[] mean, out double[] scale)
    {
        var n = design.Rows;
        var p = design.Columns;
        mean = new double[p];
        scale = new double[p];
        Array.Fill(scale, 1);
        var rows = new double[n * p];
        for (var j = 0; j < p; j++)
        {
            var column = design.Column(j);
            if (!design.HasIntercept || j > 0)
            {
                if (design.HasIntercept) { mean[j] = Tests.Descriptive.Mean(column); }
                var square = 0.0;
                foreach (var value in column) { square += (value - mean[j]) * (value - mean[j]); }
                scale[j] = Math.Sqrt(square / n);
            }
            for (var i = 0; i < n; i++) { rows[(i * p) + j] = (column[i] - mean[j]) / scale[j]; }
        }
        return rows;
    }

    /// <summary>Coefficients in the caller's units; the covariance is turned in place.</summary>
    public static double[] Restore(double[] gamma, double[] covariance, double[] mean, double[] scale, bool intercept)
    {
        var p = gamma.Length;
        var beta = new double[p];
        for (var j = 0; j < p; j++)
        {
            beta[j] = gamma[j] / scale[j];
            if (intercept && j > 0) { beta[0] -= beta[j] * mean[j]; }
        }
        for (var side = 0; side < 2; side++)
        {
            for (var j = intercept ? 1 : 0; j < p; j++)
            {
                for (var k = 0; k < p; k++)
                {
                    var cell = side == 0 ? (j * p) + k : (k * p) + j;
                    covariance[cell] /= scale[j];
                    if (intercept) { covariance[side == 0 ? k : k * p] -= mean[j] * covariance[cell]; }
                }
            }
        }
        return beta;
    }
}
