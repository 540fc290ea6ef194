using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Regression;

/// <summary>A fitted logistic model.</summary>
public sealed class LogisticFit
{
    private readonly LogisticOptions _options;
    private readonly Lazy<double[]> _linearPredictor;
    private readonly Lazy<double[]> _probabilities;

    internal LogisticFit(DesignMatrix design, double[] outcome, LogisticOptions options, double[] coefficients, double[] covariance, double logLikelihood, double nullLogLikelihood, int iterations, string method)
    {
        (Design, Outcome, _options, Coefficients, Covariance, LogLikelihood, NullLogLikelihood, Iterations, Method) =
            (design, outcome, options, coefficients, covariance, logLikelihood, nullLogLikelihood, iterations, method);
        _linearPredictor = new Lazy<double[]>(() => design.LinearPredictor(coefficients, options.Offset));
        _probabilities = new Lazy<double[]>(() =>
        {
            var p = new double[design.Rows];
            Kernels.Logistic(_linearPredictor.Value, p);
            return p;
        });
        var total = 0.0;
        for (var i = 0; i < design.Rows; i++)
        {
            var w = options.Weights?[i] ?? 1;
            total += w;
            Observations += w > 0 ? 1 : 0;
            Events += (w > 0 ? 1 : 0) * (int)outcome[i];
        }
        TotalWeight = total;
    }

    /// <summary>The model matrix.</summary>
    public DesignMatrix Design { get; }

    /// <summary>Outcome of every row, 0 or 1.</summary>
    public double[] Outcome { get; }

    /// <summary>β in the order of the design's columns.</summary>
    public double[] Coefficients { get; }

    /// <summary>Covariance of β, p × p row-major: the inverse information.</summary>
    public double[] Covariance { get; }

    /// <summary>ln L at β.</summary>
    public double LogLikelihood { get; }

    /// <summary>ln L + ½ ln|I| for Firth's method, otherwise null.</summary>
    public double? PenalisedLogLikelihood { get; init; }

    /// <summary>ln L of the model without factors (intercept and offset only).</summary>
    public double NullLogLikelihood { get; }

    /// <summary>Newton steps taken.</summary>
    public int Iterations { get; }

    /// <summary>How β was estimated, in words.</summary>
    public string Method { get; }

    /// <summary>Rows with positive weight.</summary>
    public int Observations { get; }

    /// <summary>Rows with positive weight and outcome 1.</summary>
    public int Events { get; }

    /// <summary>Σ w.</summary>
    public double TotalWeight { get; }

    /// <summary>−2 ln L (0/1 outcomes: the saturated likelihood is 1).</summary>
    public double Deviance => -2 * LogLikelihood;

    /// <summary>−2 ln L of the null model.</summary>
    public double NullDeviance => -2 * NullLogLikelihood;

    /// <summary>Akaike's criterion −2 ln L + 2p.</summary>
    public double Aic => Deviance + (2 * Coefficients.Length);

    /// <summary>Schwarz' criterion −2 ln L + p ln n.</summary>
    public double Bic => Deviance + (Math.Log(Observations) * Coefficients.Length);

    /// <summary>Likelihood-ratio test of all factors together.</summary>
    public TermTest ModelTest
    {
        get
        {
            var df = Coefficients.Length - (Design.HasIntercept ? 1 : 0);
            var chi = NullDeviance - Deviance;
            return new TermTest("model", chi, df, df == 0 ? double.NaN : ChiSquare.UpperTail(chi, df));
        }
    }

    /// <summary>McFadden's 1 − ln L / ln L₀.</summary>
    public double McFaddenR2 => 1 - (LogLikelihood / NullLogLikelihood);

    /// <summary>Nagelkerke's R² = (1 − e^{−LR/n}) / (1 − e^{2 ln L₀/n}) (Biometrika 1991, 78:691).</summary>
    public double NagelkerkeR2 => (1 - Math.Exp(-(NullDeviance - Deviance) / TotalWeight)) / (1 - Math.Exp(-NullDeviance / TotalWeight));

    /// <summary>Linear predictor of every row.</summary>
    public double[] LinearPredictor => _linearPredictor.Value;

    /// <summary>Fitted probability of every row.</summary>
    public double[] Probabilities => _probabilities.Value;

    /// <summary>Brier score of the fitted probabilities (unweighted mean of (p − y)²).</summary>
    public double Brier => Calibration.BrierScore.Of(Probabilities, Outcome);

    /// <summary>Area under the ROC curve of the fitted probabilities (the c index).</summary>
    public double C => Discrimination.Roc.Auc(LinearPredictor, Outcome);

    /// <summary>What the reader must know, for instance a level seen once.</summary>
    public IReadOnlyList<string> Warnings => Design.Warnings;

    /// <summary>SE of each coefficient.</summary>
    public double[] StandardErrors
    {
        get
        {
            var p = Coefficients.Length;
            var se = new double[p];
            for (var j = 0; j < p; j++) { se[j] = Math.Sqrt(Covariance[(j * p) + j]); }
            return se;
        }
    }

    /// <summary>True for maximum likelihood without weights and offset.</summary>
    internal bool IsPlain => _options is { Weights: null, Offset: null, Ridge: null, Firth: false };

    /// <summary>Coefficient table with Wald statistics and limits.</summary>
    /// <param name="level">Confidence level of the limits.</param>
    /// <param name="covariance">Another covariance (robust, clustered), or null for the model's own.</param>
    public IReadOnlyList<Coefficient> Table(double level = 0.95, double[]? covariance = null)
    {
        var p = Coefficients.Length;
        var v = covariance ?? Covariance;
        var z = Normal.Quantile(0.5 + (level / 2));
        return [.. Enumerable.Range(0, p).Select(j =>
        {
            var (beta, se) = (Coefficients[j], Math.Sqrt(v[(j * p) + j]));
            return new Coefficient(Design.Names[j], beta, se, beta / se, Normal.TwoSided(beta / se), Math.Exp(beta), Math.Exp(beta - (z * se)), Math.Exp(beta + (z * se)));
        })];
    }

    /// <summary>Probabilities for the rows of another design with the same columns.</summary>
    /// <exception cref="StatisticsException">The columns differ.</exception>
    public double[] Predict(DesignMatrix design, double[]? offset = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        if (!design.Names.SequenceEqual(Design.Names)) { throw new StatisticsException("shape", "The new data do not have the columns of the model."); }
        var eta = design.LinearPredictor(Coefficients, offset);
        Kernels.Logistic(eta, eta);
        return eta;
    }

    /// <summary>Likelihood-ratio test of each term: twice the loss of ln L without it (R's <c>drop1(test = "LRT")</c>).</summary>
    /// <exception cref="StatisticsException">A reduced model cannot be fitted.</exception>
    public IReadOnlyList<TermTest> LikelihoodRatioTests() =>
        [.. Design.TermNames.Select((term, t) =>
        {
            var reduced = Design.SelectTerms([.. Design.TermNames.Where(other => other != term)]);
            double loss;
            if (reduced.Columns == 0) { loss = LogLikelihood - NullLogLikelihood; }
            else
            {
                var ridge = _options.Ridge is { } full ? Enumerable.Range(0, Design.Columns).Where(j => Design.Terms[j] != t).Select(j => full[j]).ToArray() : null;
                var fit = LogisticRegression.Fit(reduced, Outcome, _options with { Ridge = ridge }).Require();
                loss = (PenalisedLogLikelihood ?? LogLikelihood) - (fit.PenalisedLogLikelihood ?? fit.LogLikelihood);
            }
            var df = Design.Columns - reduced.Columns;
            var chi = Math.Max(0, 2 * loss);
            return new TermTest(term, chi, df, ChiSquare.UpperTail(chi, df));
        })];

    /// <summary>Wald test of each term: βₜᵀ Vₜₜ⁻¹ βₜ (<c>rms::anova</c>).</summary>
    public IReadOnlyList<TermTest> WaldTests(double[]? covariance = null)
    {
        var p = Coefficients.Length;
        var v = covariance ?? Covariance;
        return [.. Design.TermNames.Select((term, t) =>
        {
            var columns = Enumerable.Range(0, p).Where(j => Design.Terms[j] == t).ToArray();
            var block = new double[columns.Length * columns.Length];
            var beta = new double[columns.Length];
            for (var a = 0; a < columns.Length; a++)
            {
                beta[a] = Coefficients[columns[a]];
                for (var b = 0; b < columns.Length; b++) { block[(a * columns.Length) + b] = v[(columns[a] * p) + columns[b]]; }
            }
            var solved = new double[columns.Length];
            Cholesky.Factorise(block, columns.Length, 0).Solve(beta, solved);
            var chi = beta.Zip(solved, (a, b) => a * b).Sum();
            return new TermTest(term, chi, columns.Length, ChiSquare.UpperTail(chi, columns.Length));
        })];
    }

    /// <summary>Profile-likelihood interval of one coefficient (log-odds): where 2(ln L(β̂) − ln L_profile(β)) reaches the chi-square quantile with one degree of freedom.</summary>
    /// <remarks>Venzon and Moolgavkar 1988, Applied Statistics 37:87; solved to 1e-10, where R's <c>confint.glm</c> interpolates. An end that the likelihood does not bound is infinite. Maximum-likelihood fits only.</remarks>
    /// <exception cref="StatisticsException">The fit was penalised.</exception>
    public (double Low, double High) ProfileInterval(int column, double level = 0.95)
    {
        if (PenalisedLogLikelihood is not null || _options.Ridge is not null) { throw new StatisticsException("penalised", "Profile intervals are defined here for maximum-likelihood fits only."); }
        // Held coefficients must be the caller's own, so the intercept is not mixed with the others by centring.
        var data = GroupedDesign.Create(Design, Outcome, _options.Weights, _options.Offset, centre: column > 0);
        var critical = Normal.Quantile(0.5 + (level / 2));
        var p = Coefficients.Length;
        var se = Math.Sqrt(Covariance[(column * p) + column]);
        return (End(-1), End(1));

        double End(int sign)
        {
            var start = (double[])Coefficients.Clone();
            // Signed root of the deviance is nearly linear in β: secant steps from the Wald limit.
            double b0 = Coefficients[column], f0 = -critical, b1 = b0 + (sign * critical * se);
            for (var i = 0; i < 60; i++)
            {
                start[column] = b1;
                var profile = Newton.Solve(data, data.Weights, data.ToInternal(start), tolerance: 1e-13, maxIterations: 100, held: column);
                if (!profile.Converged) { return sign * double.PositiveInfinity; }
                var f1 = Math.Sqrt(Math.Max(0, 2 * (LogLikelihood - profile.LogLikelihood))) - critical;
                if (Math.Abs(f1) < 1e-11) { return b1; }
                var beta = data.ToOriginal(profile.Gamma);
                beta.CopyTo(start, 0);
                var next = b1 - (f1 * (b1 - b0) / (f1 - f0));
                if (!double.IsFinite(next) || Math.Abs(next - Coefficients[column]) > 1e4 * se) { return sign * double.PositiveInfinity; }
                (b0, f0) = (b1, f1);
                if (Math.Abs(next - b1) < 1e-13 * Math.Max(1, Math.Abs(b1))) { return next; }
                b1 = next;
            }
            return b1;
        }

    }

    /// <summary>Variance inflation of each column but the intercept: diagonal of the inverse of the correlation matrix of the estimates (<c>rms::vif</c>).</summary>
    /// <remarks>Davis et al. 1986; Belsley, Kuh and Welsch, Regression Diagnostics.</remarks>
    public IReadOnlyList<(string Term, double Vif)> VarianceInflation()
    {
        var p = Coefficients.Length;
        var first = Design.HasIntercept ? 1 : 0;
        var k = p - first;
        var correlation = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                correlation[(i * k) + j] = Covariance[((i + first) * p) + j + first]
                    / Math.Sqrt(Covariance[((i + first) * p) + i + first] * Covariance[((j + first) * p) + j + first]);
            }
        }
        var inverse = Cholesky.Factorise(correlation, k, 0).Inverse();
        return [.. Enumerable.Range(0, k).Select(j => (Design.Names[j + first], inverse[(j * k) + j]))];
    }

    /// <summary>Huber–White covariance V (Σ_c u_c u_cᵀ) V with u_c the scores summed over cluster c (rows, where no clusters are given).</summary>
    /// <remarks>Huber 1967; White 1980; clusters: Rogers 1993. Without correction it equals <c>rms::robcov</c> and <c>sandwich::vcovCL(type = "HC0", cadjust = FALSE)</c>.</remarks>
    /// <param name="clusters">Cluster number of each row, or null for independent rows.</param>
    /// <param name="smallSample">Multiply by G/(G − 1).</param>
    public double[] RobustCovariance(int[]? clusters = null, bool smallSample = false)
    {
        var n = Design.Rows;
        var p = Coefficients.Length;
        if (clusters is not null && clusters.Length != n) { throw new StatisticsException("shape", $"{clusters.Length} cluster numbers were given for {n} rows."); }
        var numbers = new Dictionary<int, int>();
        var scores = new List<double[]>();
        var middle = new double[p * p];
        var one = new double[p];
        var probabilities = Probabilities;
        for (var i = 0; i < n; i++)
        {
            var residual = (_options.Weights?[i] ?? 1) * (Outcome[i] - probabilities[i]);
            double[] target;
            if (clusters is null) { target = one; Array.Clear(one); }
            else if (numbers.TryGetValue(clusters[i], out var number)) { target = scores[number]; }
            else { numbers[clusters[i]] = scores.Count; scores.Add(target = new double[p]); }
            for (var j = 0; j < p; j++) { target[j] += residual * Design.Values[(j * n) + i]; }
            if (clusters is null) { AddOuter(one, middle, p); }
        }
        foreach (var score in scores) { AddOuter(score, middle, p); }
        var groups = clusters is null ? n : scores.Count;
        if (groups < 2) { throw new StatisticsException("one-cluster", "A cluster-robust covariance needs at least two clusters."); }
        var factor = smallSample ? groups / (groups - 1.0) : 1;
        var result = Multiply(Multiply(Covariance, middle, p), Covariance, p);
        for (var i = 0; i < result.Length; i++) { result[i] *= factor; }
        return result;
    }

    private static void AddOuter(double[] score, double[] sum, int p)
    {
        for (var j = 0; j < p; j++) { for (var k = 0; k < p; k++) { sum[(j * p) + k] += score[j] * score[k]; } }
    }

    private static double[] Multiply(double[] a, double[] b, int p)
    {
        var product = new double[p * p];
        for (var i = 0; i < p; i++)
        {
            for (var k = 0; k < p; k++)
            {
                for (var j = 0; j < p; j++) { product[(i * p) + j] += a[(i * p) + k] * b[(k * p) + j]; }
            }
        }
        return product;
    }
}
