using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.Tests;
using Xunit;

namespace BoneMet.UnitTests.Statistics;

/// <summary>Coverage and type-I error over 5,000 simulations of known truth (BONEMET_SIMULATIONS makes it more).</summary>
public class SimulatedTruthTests
{
    private static readonly int Simulations = int.TryParse(Environment.GetEnvironmentVariable("BONEMET_SIMULATIONS"), out var more) ? more : 5000;

    [Fact]
    public void Logistic_WaldProfileAndTests_KeepTheirLevels()
    {
        int wald = 0, profile = 0, likelihood = 0, waldTest = 0;
        double slope = 0;
        for (var s = 0; s < Simulations; s++)
        {
            var random = new Random(1000 + s);
            var (design, y, z) = Draw(random, 400);
            var fit = LogisticRegression.Fit(design, y).Require();
            var table = fit.Table();
            if (Math.Log(table[1].Low) <= 0.5 && Math.Log(table[1].High) >= 0.5) { wald++; }
            if (s % 4 == 0)
            {
                var (low, high) = fit.ProfileInterval(1);
                if (low <= 0.5 && high >= 0.5) { profile += 4; }
            }
            if (table[3].P < 0.05) { waldTest++; }
            if (fit.LikelihoodRatioTests()[2].P < 0.05) { likelihood++; }
            slope += LogisticCalibration.Fit([.. z], y).Slope;
        }
        Between(0.94, 0.96, wald, "coverage of Wald intervals");
        Between(0.93, 0.97, profile, "coverage of profile intervals (a quarter of the simulations)");
        Between(0.04, 0.06, waldTest, "type-I error of the Wald test");
        Between(0.04, 0.06, likelihood, "type-I error of the likelihood-ratio test");
        Assert.InRange(slope / Simulations, 0.95, 1.05);
    }

    [Fact]
    public void GroupTests_UnderTheNull_RejectFivePercent()
    {
        int student = 0, welch = 0, mann = 0, chi = 0, trend = 0;
        for (var s = 0; s < Simulations; s++)
        {
            var random = new Random(50_000 + s);
            double[] a = [.. Enumerable.Range(0, 60).Select(_ => Gauss(random))];
            double[] b = [.. Enumerable.Range(0, 80).Select(_ => Gauss(random))];
            double[] wide = [.. b.Select(x => 2 * x)];
            if (MeanTests.Student(a, b).P < 0.05) { student++; }
            if (MeanTests.Welch(a, wide).P < 0.05) { welch++; }
            if (MeanTests.MannWhitney(a, b).P < 0.05) { mann++; }
            var table = new int[2, 3];
            for (var i = 0; i < 300; i++) { table[random.NextDouble() < 0.4 ? 0 : 1, random.Next(3)]++; }
            if (ContingencyTests.ChiSquared(table).P < 0.05) { chi++; }
            if (ContingencyTests.Trend([table[0, 0], table[0, 1], table[0, 2]], [table[0, 0] + table[1, 0], table[0, 1] + table[1, 1], table[0, 2] + table[1, 2]]).P < 0.05) { trend++; }
        }
        Between(0.04, 0.06, student, "Student");
        Between(0.04, 0.06, welch, "Welch");
        Between(0.04, 0.06, mann, "Mann–Whitney");
        Between(0.04, 0.06, chi, "chi-squared");
        Between(0.04, 0.06, trend, "trend");
    }

    [Fact]
    public void DeLong_IntervalsAndTests_KeepTheirLevels()
    {
        var truth = Normal.Cdf(0.9 / Math.Sqrt(2));
        int covered = 0, paired = 0, hosmer = 0;
        for (var s = 0; s < Simulations; s++)
        {
            var random = new Random(90_000 + s);
            double[] y = [.. Enumerable.Range(0, 300).Select(i => i < 120 ? 1.0 : 0)];
            double[] common = [.. y.Select(v => (0.9 * v) + Gauss(random))];
            double[] one = [.. common.Select(v => v + (0.7 * Gauss(random)))];
            double[] two = [.. common.Select(v => v + (0.7 * Gauss(random)))];
            var (low, high) = Roc.Of(common, y).Interval();
            if (low <= truth && truth <= high) { covered++; }
            if (Roc.Paired(Roc.Of(one, y), Roc.Of(two, y)).P < 0.05) { paired++; }
            double[] p = [.. Enumerable.Range(0, 1000).Select(_ => 0.05 + (0.6 * random.NextDouble()))];
            if (HosmerLemeshow.Of(p, [.. p.Select(v => random.NextDouble() < v ? 1.0 : 0)], lost: 0).P < 0.05) { hosmer++; }
        }
        Between(0.94, 0.96, covered, "coverage of DeLong intervals");
        Between(0.04, 0.06, paired, "paired DeLong test");
        Between(0.04, 0.06, hosmer, "Hosmer–Lemeshow on new data");
    }

    [Fact]
    public void Firth_SmallSamples_HaveLessBiasThanMaximumLikelihood()
    {
        double firth = 0, plain = 0;
        var used = 0;
        for (var s = 0; s < 400; s++)
        {
            var (design, y, _) = Draw(new Random(7000 + s), 50);
            if (LogisticRegression.Fit(design, y) is not LogisticOutcome.Fitted { Fit: var ml }) { continue; }
            firth += LogisticRegression.Fit(design, y, new LogisticOptions { Firth = true }).Require().Coefficients[1];
            plain += ml.Coefficients[1];
            used++;
        }
        Assert.True(Math.Abs((firth / used) - 0.5) < Math.Abs((plain / used) - 0.5), $"Firth {firth / used}, maximum likelihood {plain / used}, truth 0.5");
    }

    private static (DesignMatrix Design, double[] Outcome, double[] TrueLogOdds) Draw(Random random, int n)
    {
        double[] x = [.. Enumerable.Range(0, n).Select(_ => Gauss(random))];
        double[] g = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() < 0.4 ? 1.0 : 0)];
        double[] noise = [.. Enumerable.Range(0, n).Select(_ => Gauss(random))];
        double[] lp = [.. x.Select((v, i) => -0.6 + (0.5 * v) + (0.8 * g[i]))];
        double[] y = [.. lp.Select(v => random.NextDouble() < 1 / (1 + Math.Exp(-v)) ? 1.0 : 0)];
        return (DesignMatrix.FromColumns(["x", "g", "noise"], [x, g, noise]), y, lp);
    }

    private static double Gauss(Random random) => Normal.Quantile(((random.Next() * 2.0) + 1) / (2.0 * int.MaxValue));

    private static void Between(double low, double high, int count, string what) => Assert.True(count >= low * Simulations && count <= high * Simulations, $"{what}: {(double)count / Simulations}");
}
