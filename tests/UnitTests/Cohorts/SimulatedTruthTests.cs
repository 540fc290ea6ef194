using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Studies;
using BoneMet.Statistics.Missing;
using BoneMet.Statistics.SampleSize;
using BoneMet.Statistics.Simulation;
using BoneMet.Statistics.Survival;
using BoneMet.Statistics.Tables;
using Xunit;

namespace BoneMet.UnitTests.Cohorts;

/// <summary>Where the truth is known: coverage, type-I error, distributions. BONEMET_SIMULATIONS sets the number of simulations; 5,000 make 4 to 6 % three Monte-Carlo errors.</summary>
public sealed class SimulatedTruthTests
{
    private static readonly int Simulations = int.TryParse(Environment.GetEnvironmentVariable("BONEMET_SIMULATIONS"), out var n) ? n : 5000;

    /// <summary>One per cent, and never narrower than three binomial errors of the number of simulations.</summary>
    private static double Slack => Math.Max(0.01, 3 * Math.Sqrt(0.05 * 0.95 / Simulations));

    [Fact]
    public void Cox_WaldIntervals_CoverTheTruth()
    {
        double[] truth = [0.5, -0.7];
        var covered = new int[2];
        Parallel.For(0, Simulations, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, s =>
        {
            var fit = CoxRegression.Fit(Draw(new RandomStream(101, s), 150, truth), cancellation: TestContext.Current.CancellationToken);
            for (var j = 0; j < 2; j++) { if (Math.Abs(fit.Coefficients[j] - truth[j]) <= 1.959964 * fit.StandardErrors[j]) { Interlocked.Increment(ref covered[j]); } }
        });
        foreach (var hits in covered) { Assert.InRange((double)hits / Simulations, 0.95 - Slack, 0.95 + Slack); }
    }

    [Fact]
    public void LogRankAndProportionalHazards_UnderTheNull_RejectFivePercent()
    {
        int logRank = 0, proportional = 0;
        Parallel.For(0, Simulations, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, s =>
        {
            var data = Draw(new RandomStream(202, s), 200, [0, 0]);
            if (LogRank.Test(data.Time, data.Status, [.. data.Columns[1].Select(v => (int)v)], 2).P < 0.05) { Interlocked.Increment(ref logRank); }
            if (ProportionalHazards.Test(data, CoxRegression.Fit(data, cancellation: TestContext.Current.CancellationToken))[0].P < 0.05) { Interlocked.Increment(ref proportional); }
        });
        Assert.InRange((double)logRank / Simulations, 0.05 - Slack, 0.05 + Slack);
        Assert.InRange((double)proportional / Simulations, 0.05 - Slack, 0.05 + Slack);
    }

    [Fact]
    public void StrataInteraction_SameEffectInEveryStratum_RejectsFivePercent()
    {
        var protocol = new StudyProtocol { Kind = StudyKind.Strata, Outcome = "y", Factors = ["x", "g"] };
        int number = 0, levels = 0;
        Parallel.For(0, Simulations, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, s =>
        {
            var random = new RandomStream(404, s);
            double[] x = new double[450], y = new double[450];
            int[] g = new int[450], stratum = new int[450];
            for (var i = 0; i < 450; i++)
            {
                (x[i], g[i], stratum[i]) = (random.Normal(), random.Below(2), i % 3);
                y[i] = random.Uniform() < 1 / (1 + Math.Exp(0.6 - (0.5 * x[i]) - (0.7 * g[i]) - (0.4 * stratum[i]))) ? 1 : 0;
            }
            var table = new Table([new NumericColumn("x", x), new CategoricalColumn("g", g, ["a", "b"])]);
            var design = StudyMatrix.Build(table, FactorSpec.Parse(["x", "g"], protocol.Splines, _ => true), [], _ => true, protocol);
            var pooled = new PooledModel(design, y, new CategoricalColumn("cancer", stratum, ["breast", "lung", "prostate"]));
            if (pooled.Interaction(design.Terms[0], default)["p"]!.GetValue<double>() < 0.05) { Interlocked.Increment(ref number); }
            if (pooled.Interaction(design.Terms[1], default)["p"]!.GetValue<double>() < 0.05) { Interlocked.Increment(ref levels); }
        });
        Assert.InRange((double)number / Simulations, 0.05 - Slack, 0.05 + Slack);
        Assert.InRange((double)levels / Simulations, 0.05 - Slack, 0.05 + Slack);
    }

    [Fact]
    public void ChainedEquations_MissingAtRandom_RecoverMeanAndCoverIt()
    {
        // y = x + e is missing where x is large; complete cases are biased downwards by about 0.4, imputation is not.
        var runs = Math.Min(Simulations, 300);
        double bias = 0;
        var covered = 0;
        for (var s = 0; s < runs; s++)
        {
            var random = new RandomStream(303, s);
            double[] x = new double[200], y = new double[200];
            for (var i = 0; i < 200; i++)
            {
                x[i] = random.Normal();
                y[i] = x[i] + random.Normal();
                if (random.Uniform() < 1 / (1 + Math.Exp(-(1.5 * x[i]) + 0.5))) { y[i] = double.NaN; }
            }
            var result = ChainedEquations.Impute(new Table([new NumericColumn("x", x), new NumericColumn("y", y)]), new ImputationOptions { Imputations = 10, Iterations = 1, Seed = s, Threads = 1 }, TestContext.Current.CancellationToken);
            double[] means = [.. result.Tables.Select(t => ((NumericColumn)t["y"]).Values.Average())];
            double[] variances = [.. result.Tables.Select((t, m) => ((NumericColumn)t["y"]).Values.Sum(v => (v - means[m]) * (v - means[m])) / 199 / 200)];
            var pooled = RubinsRules.Pool(means, variances, 199);
            bias += pooled.Value / runs;
            if (Math.Abs(pooled.Value) <= 2.1 * pooled.StandardError) { covered++; }
        }
        Assert.InRange(bias, -0.1, 0.1);
        Assert.InRange((double)covered / runs, 0.88, 0.99);
    }

    [Fact]
    public void ChainedEquations_SameSeed_SameTablesOnAnyThreads()
    {
        double[] x = [.. Enumerable.Range(0, 100).Select(i => i % 7 == 0 ? double.NaN : Math.Sin(i))];
        var table = new Table([new NumericColumn("x", x), new CategoricalColumn("g", [.. Enumerable.Range(0, 100).Select(i => i % 11 == 0 ? -1 : i % 3)], ["a", "b", "c"]), new NumericColumn("z", [.. Enumerable.Range(0, 100).Select(i => Math.Cos(i))])]);
        double[] Run(int threads) => [.. ChainedEquations.Impute(table, new ImputationOptions { Seed = 9, Threads = threads }, TestContext.Current.CancellationToken).Tables.SelectMany(t => ((NumericColumn)t["x"]).Values.Concat(((CategoricalColumn)t["g"]).Codes.Select(c => (double)c)))];
        var once = Run(1);
        Assert.Equal(once, Run(4));
        Assert.DoesNotContain(double.NaN, once);
    }

    [Fact]
    public void RubinsRules_ThreeTables_AreTheFormula()
    {
        var pooled = RubinsRules.Pool([1.0, 1.2, 1.4], [0.04, 0.05, 0.06]);
        Assert.Equal(1.2, pooled.Value, 1e-12);
        Assert.Equal(Math.Sqrt(0.05 + (4.0 / 3 * 0.04)), pooled.StandardError, 1e-12);
        var lambda = 4.0 / 3 * 0.04 / (0.05 + (4.0 / 3 * 0.04));
        Assert.Equal(2 / (lambda * lambda), pooled.DegreesOfFreedom, 1e-9);
    }

    [Fact]
    public void Riley_PublishedExample_GivesItsSampleSizes()
    {
        // pmsampsize(type = "b", csrsquared = 0.288, parameters = 24, prevalence = 0.174)
        var riley = RileyCriteria.Of(24, 0.174, 0.288);
        Assert.Equal((623, 662, 221), (riley.ForShrinkage, riley.ForOptimism, riley.ForIntercept));
        Assert.Equal(662, riley.Subjects);
    }

    [Fact]
    public void Guards_BrokenRules_AreAllNamed()
    {
        var warnings = HonestyGuards.Check(new StudyDesign
        {
            Subjects = 201, Events = 67, Parameters = 10, CoxSnellR2 = 0.3, Matched = true, ExpectedPrevalence = 0.05, UnavailableFactors = ["metastatic sites"], SelectedByPValue = true, DroppedForMissing = 12,
        });
        Assert.Equal(["events-per-parameter", "sample-size", "leakage", "matched-design", "enriched", "selection", "complete-case"], warnings.Select(w => w.Code));
        Assert.Empty(HonestyGuards.Check(new StudyDesign { Subjects = 50_000, Events = 5000, Parameters = 10, CoxSnellR2 = 0.1 }));
    }

    [Fact]
    public void Simulator_Prevalence_IsTheOneAskedFor()
    {
        var plan = new SimulationPlan
        {
            SiteDeviation = 0,
            Cancers = [new SimulatedCancer { Name = "lung", Prevalence = 0.2, Factors = [new() { Name = "t", Levels = ["T1", "T2"], Shares = [0.7, 0.3], Effects = [0, 1.1] }, new() { Name = "ldh", LogNormal = true, Mean = 5.2, Deviation = 0.3, Slope = 0.004 }] }],
        };
        var cohort = CohortSimulator.Draw(plan, 40_000, 3, null, TestContext.Current.CancellationToken);
        Assert.Equal(0.2, ((NumericColumn)cohort.Table["bm"]).Values.Average(), 0.008);
        Assert.Equal(cohort.Logits[..500], CohortSimulator.Draw(plan, 500, 3, null, TestContext.Current.CancellationToken).Logits);
        Assert.StartsWith("synthetic_id", cohort.Table.Columns[0].Name, StringComparison.Ordinal);
    }

    private static CoxData Draw(RandomStream random, int n, double[] beta)
    {
        double[] x = new double[n], g = new double[n], time = new double[n];
        var status = new int[n];
        for (var i = 0; i < n; i++)
        {
            x[i] = random.Normal();
            g[i] = random.Uniform() < 0.4 ? 1 : 0;
            var death = random.Exponential() / (0.1 * Math.Exp((beta[0] * x[i]) + (beta[1] * g[i])));
            var censored = 30 * random.Uniform();
            time[i] = Math.Min(death, censored);
            status[i] = death <= censored ? 1 : 0;
        }
        return new CoxData { Time = time, Status = status, Columns = [x, g], Names = ["x", "g"] };
    }
}
