using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Regression;

/// <summary>Newton's method (for the logistic model the same as iteratively reweighted least squares) on grouped rows.</summary>
/// <remarks>Green 1984, Journal of the Royal Statistical Society B 46:149. Steps are halved while the likelihood falls; it ends when the decrement gᵀI⁻¹g is below the tolerance.</remarks>
internal static class Newton
{
    private const int SeparationFrom = 8;

    /// <param name="data">Rows.</param>
    /// <param name="weights">Case weights in sorted order.</param>
    /// <param name="start">Internal start values.</param>
    /// <param name="penalty">Ridge penalty of internal coefficients, or null.</param>
    /// <param name="tolerance">Decrement at which the last step is taken.</param>
    /// <param name="maxIterations">Most steps.</param>
    /// <param name="threads">Threads of one pass.</param>
    /// <param name="held">Index of a coefficient that stays at its start value, or −1.</param>
    /// <param name="isDirection">Asked from the eighth step on: is this step a direction of separation?</param>
    /// <param name="pivotFloor">Ends before the first step, without a direction, where a pivot of the information falls below this share of its diagonal.</param>
    /// <param name="guarded">False leaves the likelihood out until the end: faster, for warm starts.</param>
    public static NewtonResult Solve(GroupedDesign data, double[] weights, double[] start, double[]? penalty = null, double tolerance = 1e-14,
        int maxIterations = 50, int threads = 1, int held = -1, Func<double[], bool>? isDirection = null, bool guarded = true, double pivotFloor = 0)
    {
        var p = data.Columns;
        var gamma = (double[])start.Clone();
        var gradient = new double[p];
        var information = new double[p * p];
        var step = new double[p];
        var last = double.NegativeInfinity;
        var previous = new double[p];
        for (var iteration = 1; iteration <= maxIterations; iteration++)
        {
            var value = data.Pass(gamma, weights, gradient, information, threads, guarded);
            if (penalty is not null) { value += Penalise(gamma, penalty, gradient, information); }
            if (held >= 0) { Hold(held, p, gradient, information); }
            if (guarded)
            {
                for (var halvings = 0; !(value >= last - (1e-9 * (1 + Math.Abs(last)))) && halvings < 40; halvings++)
                {
                    for (var j = 0; j < p; j++) { gamma[j] = 0.5 * (gamma[j] + previous[j]); }
                    value = data.Pass(gamma, weights, gradient, information, threads);
                    if (penalty is not null) { value += Penalise(gamma, penalty, gradient, information); }
                    if (held >= 0) { Hold(held, p, gradient, information); }
                }
                last = value;
            }
            var factor = Cholesky.Factorise(information, p, 1e-13);
            if (iteration == 1 && factor.SmallestPivotRatio < pivotFloor) { return new NewtonResult(gamma, information, value, 0, false, null); }
            if (factor.Dependent.Count > 0)
            {
                // The weights of a separated fit vanish until the information loses rank: the last step is the direction.
                return new NewtonResult(gamma, information, value, iteration, false, iteration > 3 && isDirection is not null && isDirection(step) ? (double[])step.Clone() : null);
            }
            factor.Solve(gradient, step);
            var decrement = 0.0;
            for (var j = 0; j < p; j++) { decrement += step[j] * gradient[j]; }
            gamma.CopyTo(previous, 0);
            if (decrement < tolerance)
            {
                for (var j = 0; j < p; j++) { gamma[j] += step[j]; }
                return new NewtonResult(gamma, information, value + (decrement / 2), iteration, true, null);
            }
            if (iteration >= SeparationFrom && isDirection is not null && isDirection(step)) { return new NewtonResult(gamma, information, value, iteration, false, (double[])step.Clone()); }
            for (var j = 0; j < p; j++) { gamma[j] += step[j]; }
        }
        return new NewtonResult(gamma, information, last, maxIterations, false, null);
    }

    private static double Penalise(double[] gamma, double[] penalty, double[] gradient, double[] information)
    {
        var value = 0.0;
        for (var j = 0; j < gamma.Length; j++)
        {
            value -= 0.5 * penalty[j] * gamma[j] * gamma[j];
            gradient[j] -= penalty[j] * gamma[j];
            information[(j * gamma.Length) + j] += penalty[j];
        }
        return value;
    }

    private static void Hold(int held, int p, double[] gradient, double[] information)
    {
        gradient[held] = 0;
        for (var j = 0; j < p; j++) { information[(held * p) + j] = information[(j * p) + held] = 0; }
        information[(held * p) + held] = 1;
    }
}
