using BoneMet.Statistics.Survival;

namespace BoneMet.Statistics.Missing;

/// <summary>Baseline-category logit by Newton's method; two levels make it the logistic model.</summary>
internal static class PolytomousModel
{
    private const double Pull = 1e-2;                 // prior precision of standardised effects: keeps separated levels finite
    private const int MaximumIterations = 50;

    /// <summary>Coefficients (level by level) and the Cholesky factor of their information.</summary>
    public static (double[] Beta, double[] Factor) Fit(List<double[]> x, int[] codes, int levels, int[] rows, string name)
    {
        int p = x.Count, q = p * (levels - 1);
        var beta = new double[q];
        var score = new double[q];
        var information = new double[q * q];
        var probability = new double[levels];
        var row = new double[p];
        for (var iteration = 0; ; iteration++)
        {
            Array.Clear(score);
            Array.Clear(information);
            foreach (var i in rows)
            {
                Probabilities(x, beta, levels, i, probability);
                for (var a = 0; a < p; a++) { row[a] = x[a][i]; }
                for (var g = 1; g < levels; g++)
                {
                    var residual = (codes[i] == g ? 1 : 0) - probability[g];
                    var block = (g - 1) * p;
                    for (var a = 0; a < p; a++) { score[block + a] += residual * row[a]; }
                    for (var h = 1; h <= g; h++)
                    {
                        var weight = probability[g] * ((g == h ? 1 : 0) - probability[h]);
                        var other = (h - 1) * p;
                        for (var a = 0; a < p; a++)
                        {
                            var scaled = weight * row[a];
                            var at = ((block + a) * q) + other;
                            for (var b = 0; b < p; b++) { information[at + b] += scaled * row[b]; }
                        }
                    }
                }
            }
            for (var a = 0; a < q; a++)
            {
                score[a] -= Pull * beta[a];
                information[(a * q) + a] += Pull;
                for (var b = a + 1; b < q; b++) { information[(a * q) + b] = information[(b * q) + a]; }
            }
            if (SmallSystem.Factor(information, q) >= 0) { throw new ImputationException($"The columns that should predict {name} repeat each other."); }
            SmallSystem.Solve(information, q, score);
            var largest = 0.0;
            for (var a = 0; a < q; a++)
            {
                var step = Math.Clamp(score[a], -4, 4);
                beta[a] += step;
                largest = Math.Max(largest, Math.Abs(step));
            }
            if (largest < 1e-6) { return (beta, information); }
            if (iteration == MaximumIterations) { throw new ImputationException($"The model that fills in {name} does not converge."); }
        }
    }

    public static void Probabilities(List<double[]> x, double[] beta, int levels, int row, double[] probability)
    {
        var p = x.Count;
        probability[0] = 0;
        var largest = 0.0;
        for (var g = 1; g < levels; g++)
        {
            var eta = 0.0;
            for (var a = 0; a < p; a++) { eta += beta[((g - 1) * p) + a] * x[a][row]; }
            probability[g] = eta;
            largest = Math.Max(largest, eta);
        }
        var sum = 0.0;
        for (var g = 0; g < levels; g++)
        {
            probability[g] = Math.Exp(probability[g] - largest);
            sum += probability[g];
        }
        for (var g = 0; g < levels; g++) { probability[g] /= sum; }
    }
}
