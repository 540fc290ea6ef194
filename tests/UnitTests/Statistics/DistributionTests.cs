using BoneMet.Statistics.Distributions;
using Xunit;

namespace BoneMet.UnitTests.Statistics;

public class DistributionTests
{
    private const double Tolerance = 2e-12;

    [Fact]
    public void Normal_TailsAndQuantiles_EqualR()
    {
        var r = Reference.Load("distributions.json").GetProperty("normal");
        var x = r.Doubles("x");
        for (var i = 0; i < x.Length; i++) { Tail(r.Doubles("upper")[i], Normal.UpperTail(x[i]), $"x={x[i]}"); }
        Reference.Close(r.Doubles("quantile"), [.. r.Doubles("q").Select(Normal.Quantile)], Tolerance, "qnorm");
    }

    [Fact]
    public void ChiSquare_TailsAndQuantiles_EqualR()
    {
        var r = Reference.Load("distributions.json").GetProperty("chisq");
        var (x, df) = (r.Doubles("x"), r.Doubles("df"));
        for (var i = 0; i < x.Length; i++)
        {
            Tail(r.Doubles("upper")[i], ChiSquare.UpperTail(x[i], df[i]), $"upper {x[i]} {df[i]}");
            Tail(r.Doubles("lower")[i], ChiSquare.Cdf(x[i], df[i]), $"lower {x[i]} {df[i]}");
        }
        var q = r.Doubles("q");
        Reference.Close(r.Doubles("quantile"), [.. r.Doubles("qdf").SelectMany(k => q.Select(p => ChiSquare.Quantile(p, k)))], 1e-11, "qchisq");
    }

    [Fact]
    public void StudentT_TailsAndQuantiles_EqualR()
    {
        var r = Reference.Load("distributions.json").GetProperty("t");
        var (x, df) = (r.Doubles("x"), r.Doubles("df"));
        for (var i = 0; i < x.Length; i++) { Tail(r.Doubles("upper")[i], StudentT.UpperTail(x[i], df[i]), $"{x[i]} {df[i]}"); }
        var q = r.Doubles("q");
        Reference.Close(r.Doubles("quantile"), [.. r.Doubles("qdf").SelectMany(k => q.Select(p => StudentT.Quantile(p, k)))], 1e-10, "qt");
    }

    [Fact]
    public void FisherFAndBeta_Tails_EqualR()
    {
        var r = Reference.Load("distributions.json");
        var f = r.GetProperty("f");
        var (x, a, b) = (f.Doubles("x"), f.Doubles("a"), f.Doubles("b"));
        for (var i = 0; i < x.Length; i++)
        {
            Tail(f.Doubles("upper")[i], FisherF.UpperTail(x[i], a[i], b[i]), $"F {x[i]} {a[i]} {b[i]}");
            Tail(f.Doubles("lower")[i], FisherF.Cdf(x[i], a[i], b[i]), $"F {x[i]} {a[i]} {b[i]}");
        }
        var beta = r.GetProperty("beta");
        (x, a, b) = (beta.Doubles("x"), beta.Doubles("a"), beta.Doubles("b"));
        for (var i = 0; i < x.Length; i++)
        {
            Tail(beta.Doubles("upper")[i], BetaDistribution.UpperTail(x[i], a[i], b[i]), $"beta {x[i]} {a[i]} {b[i]}");
            Tail(beta.Doubles("lower")[i], BetaDistribution.Cdf(x[i], a[i], b[i]), $"beta {x[i]} {a[i]} {b[i]}");
        }
        Reference.Close(beta.Doubles("quantile"), [.. beta.Doubles("q").Select(p => BetaDistribution.Quantile(p, 3, 12))], 1e-11, "qbeta");
    }

    [Fact]
    public void LogGamma_SmallAndLarge_EqualsR()
    {
        var r = Reference.Load("distributions.json").GetProperty("lgamma");
        Reference.Close(r.Doubles("value"), [.. r.Doubles("x").Select(SpecialFunctions.LogGamma)], Tolerance, "lgamma");
    }

    // Probabilities in the far tail are compared in relative terms; one that underflows in R is asked to be tiny here.
    private static void Tail(double expected, double actual, string what) => Reference.Close(expected, actual, expected < 1e-290 ? 1 : Tolerance, what);
}
