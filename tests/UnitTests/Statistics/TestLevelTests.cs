using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Heterogeneity;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.Simulation;
using BoneMet.Statistics.Survival;
using BoneMet.Statistics.Tests;
using Xunit;

namespace BoneMet.UnitTests.Statistics;

/// <summary>Type-I error and coverage of the tests and intervals that <see cref="SimulatedTruthTests"/> does not try, over 5,000 simulations each (BONEMET_SIMULATIONS): enough for 4 to 6 % to be three Monte-Carlo errors.</summary>
public sealed class TestLevelTests
{
    private static readonly int Simulations = int.TryParse(Environment.GetEnvironmentVariable("BONEMET_SIMULATIONS"), out var more) ? more : 5000;

    /// <summary>4 to 6 %, and never narrower than three binomial errors of the number of simulations.</summary>
    private static double Slack => Math.Max(0.01, 3 * Math.Sqrt(0.05 * 0.95 / Simulations));

    [Fact]
    public void DiscreteTests_UnderTheNull_RejectAtMostFivePercent()
    {
        int fisher = 0, yates = 0, exact = 0, wilson = 0, clopper = 0;
        Each(1, random =>
        {
            var two = new int[2, 2];
            var three = new int[2, 3];
            for (var i = 0; i < 60; i++)
            {
                var row = random.Uniform() < 0.5 ? 0 : 1;
                two[row, random.Uniform() < 0.3 ? 0 : 1]++;
                three[row, random.Below(3)]++;
            }
            if (ContingencyTests.FisherExact(two).P < 0.05) { Interlocked.Increment(ref fisher); }
            if (ContingencyTests.ChiSquared(two, continuity: true).P < 0.05) { Interlocked.Increment(ref yates); }
            if (ContingencyTests.Fisher(three).P < 0.05) { Interlocked.Increment(ref exact); }
            var hits = Enumerable.Range(0, 150).Count(_ => random.Uniform() < 0.22);
            if (Proportion.Of(hits, 150) is var w && w.Low <= 0.22 && w.High >= 0.22) { Interlocked.Increment(ref wilson); }
            if (Proportion.Of(hits, 150, ProportionMethod.ClopperPearson) is var c && c.Low <= 0.22 && c.High >= 0.22) { Interlocked.Increment(ref clopper); }
        });
        foreach (var (count, what) in ((int, string)[])[(fisher, "Fisher"), (yates, "Yates"), (exact, "Fisher 2 × 3")]) { Assert.True((double)count / Simulations <= 0.05 + Slack, $"{what}: {(double)count / Simulations}"); }
        Near(0.95, wilson, "coverage of Wilson");
        Assert.True((double)clopper / Simulations >= 0.95 - Slack, $"Clopper–Pearson: {(double)clopper / Simulations}");
    }

    [Fact]
    public void SurvivalTests_UnderTheNull_RejectFivePercent()
    {
        int wald = 0, ratio = 0, score = 0, fineGray = 0;
        Each(2, random =>
        {
            double[] x = [.. Enumerable.Range(0, 150).Select(_ => random.Normal())];
            var time = new double[150];
            var status = new int[150];
            for (var i = 0; i < 150; i++)
            {
                double first = random.Exponential() / 0.05, other = random.Exponential() / 0.03, censored = 30 * random.Uniform();
                time[i] = Math.Min(first, Math.Min(other, censored));
                status[i] = time[i] == first ? 1 : time[i] == other ? 2 : 0;
            }
            var cox = CoxRegression.Fit(new CoxData { Time = time, Status = [.. status.Select(s => s == 1 ? 1 : 0)], Columns = [x], Names = ["x"] });
            if (cox.WaldTest > 3.841459) { Interlocked.Increment(ref wald); }
            if (cox.LikelihoodRatioTest > 3.841459) { Interlocked.Increment(ref ratio); }
            if (cox.ScoreTest > 3.841459) { Interlocked.Increment(ref score); }
            var sub = FineGray.Fit(new CoxData { Time = time, Status = status, Columns = [x], Names = ["x"] });
            if (Math.Abs(sub.Coefficients[0] / sub.StandardErrors[0]) > 1.959964) { Interlocked.Increment(ref fineGray); }
        });
        Near(0.05, wald, "Cox, Wald");
        Near(0.05, ratio, "Cox, likelihood ratio");
        Near(0.05, score, "Cox, score");
        Near(0.05, fineGray, "Fine–Gray, Wald");
    }

    [Fact]
    public void HeterogeneityAndAreas_UnderTheNull_RejectFivePercent()
    {
        int cochran = 0, unpaired = 0, spiegelhalter = 0, reliability = 0;
        Each(3, random =>
        {
            StratumEffect[] effects = [.. Enumerable.Range(0, 6).Select(k => { var se = 0.1 + (0.05 * k); return new StratumEffect($"{k}", 0.4 + (se * random.Normal()), se, 100, 20); })];
            if (EffectPooling.Pool(effects)!.QP < 0.05) { Interlocked.Increment(ref cochran); }
            Roc Curve() { double[] y = [.. Enumerable.Range(0, 160).Select(i => i < 60 ? 1.0 : 0)]; return Roc.Of([.. y.Select(v => v + random.Normal())], y); }
            if (Roc.Unpaired(Curve(), Curve()).P < 0.05) { Interlocked.Increment(ref unpaired); }
            double[] p = [.. Enumerable.Range(0, 400).Select(_ => 0.1 + (0.6 * random.Uniform()))];
            double[] outcome = [.. p.Select(v => random.Uniform() < v ? 1.0 : 0)];
            var summary = CalibrationSummary.Of(p, outcome);
            if (summary.SpiegelhalterP < 0.05) { Interlocked.Increment(ref spiegelhalter); }
            if (summary.UnreliabilityChiSquare > 5.991465) { Interlocked.Increment(ref reliability); }
        });
        Near(0.05, cochran, "Cochran's Q");
        Near(0.05, unpaired, "unpaired DeLong");
        Near(0.05, spiegelhalter, "Spiegelhalter");
        Near(0.05, reliability, "unreliability U");
    }

    [Fact]
    public void Curves_KnownSurvival_AreCovered()
    {
        int survival = 0, incidence = 0;
        double truth = Math.Exp(-0.05 * 12), share = 0.05 / 0.08 * (1 - Math.Exp(-0.08 * 12));
        Each(4, random =>
        {
            var time = new double[200];
            var status = new int[200];
            for (var i = 0; i < 200; i++)
            {
                double first = random.Exponential() / 0.05, other = random.Exponential() / 0.03, censored = 40 * random.Uniform();
                time[i] = Math.Min(first, Math.Min(other, censored));
                status[i] = time[i] == first ? 1 : time[i] == other ? 2 : 0;
            }
            var curve = KaplanMeier.Fit(time, [.. status.Select(s => s == 1 ? 1 : 0)], transform: ConfidenceTransform.LogLog);
            if (curve.IndexAt(12) is var k && curve.Lower[k] <= truth && curve.Upper[k] >= truth) { Interlocked.Increment(ref survival); }
            var events = CumulativeIncidence.Fit(time, status, 1);
            if (events.IndexAt(12) is var j && Math.Abs(events.Probability[j] - share) <= 1.959964 * events.StandardError[j]) { Interlocked.Increment(ref incidence); }
        });
        Near(0.95, survival, "coverage of Kaplan–Meier, log-log");
        Near(0.95, incidence, "coverage of the cumulative incidence");
    }

    [Fact]
    public void RobustWald_UnderTheNull_RejectsFivePercentWhereTheModelsOwnErrorsDoNot()
    {
        const int sites = 200, perSite = 3;
        int robust = 0, clustered = 0, naive = 0;
        Each(5, random =>
        {
            double[] x = [.. Enumerable.Range(0, 500).Select(_ => random.Normal())], z = [.. Enumerable.Range(0, 500).Select(_ => random.Normal())];
            double[] y = [.. z.Select(v => random.Uniform() < 1 / (1 + Math.Exp(0.5 - (0.7 * v))) ? 1.0 : 0)];
            var fit = LogisticRegression.Fit(DesignMatrix.FromColumns(["x", "z"], [x, z]), y, new LogisticOptions { Threads = 1 }).Require();
            if (fit.Table(covariance: fit.RobustCovariance())[1].P < 0.05) { Interlocked.Increment(ref robust); }

            // A factor of the site, and outcomes that are alike within a site: the site has no effect of that factor.
            var (site, factor, outcome) = (new int[sites * perSite], new double[sites * perSite], new double[sites * perSite]);
            for (var s = 0; s < sites; s++)
            {
                double shift = random.Normal(), value = random.Normal();
                for (var i = s * perSite; i < (s + 1) * perSite; i++) { (site[i], factor[i], outcome[i]) = (s, value, random.Uniform() < 1 / (1 + Math.Exp(0.4 - shift)) ? 1 : 0); }
            }
            var between = LogisticRegression.Fit(DesignMatrix.FromColumns(["factor"], [factor]), outcome, new LogisticOptions { Threads = 1 }).Require();
            if (between.Table(covariance: between.RobustCovariance(site))[1].P < 0.05) { Interlocked.Increment(ref clustered); }
            if (between.Table()[1].P < 0.05) { Interlocked.Increment(ref naive); }
        });
        Near(0.05, robust, "robust Wald");
        Near(0.05, clustered, "cluster Wald");
        Assert.True((double)naive / Simulations > 0.06, $"the model's own Wald test on clustered data: {(double)naive / Simulations}");
    }

    [Fact]
    public void Reclassification_ModelsEquallyGood_RejectsFivePercent()
    {
        int continuous = 0, categories = 0, integrated = 0;
        Each(6, random =>
        {
            double[] truth = [.. Enumerable.Range(0, 500).Select(_ => -0.5 + random.Normal())];
            double[] y = [.. truth.Select(v => random.Uniform() < 1 / (1 + Math.Exp(-v)) ? 1.0 : 0)];
            double[] Judged() => [.. truth.Select(v => 1 / (1 + Math.Exp(-v - (0.5 * random.Normal()))))];
            double[] one = Judged(), two = Judged();
            var free = Reclassification.Of(one, two, y);
            if (free.NriP < 0.05) { Interlocked.Increment(ref continuous); }
            if (free.IdiP < 0.05) { Interlocked.Increment(ref integrated); }
            if (Reclassification.Of(one, two, y, [0.2, 0.5]).NriP < 0.05) { Interlocked.Increment(ref categories); }
        });
        Near(0.05, continuous, "continuous NRI");
        Near(0.05, categories, "NRI with categories");
        Near(0.05, integrated, "IDI");
    }

    private static void Each(long seed, Action<RandomStream> simulate) =>
        Parallel.For(0, Simulations, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, s => simulate(new RandomStream(9000 + seed, s)));

    private static void Near(double level, int count, string what) => Assert.True(Math.Abs(((double)count / Simulations) - level) <= Slack, $"{what}: {(double)count / Simulations}");
}
