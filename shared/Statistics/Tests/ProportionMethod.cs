namespace BoneMet.Statistics.Tests;

/// <summary>How the confidence interval of a proportion is made.</summary>
public enum ProportionMethod
{
    /// <summary>Wilson's score interval (1927).</summary>
    Wilson,

    /// <summary>Wilson's interval with continuity correction (Newcombe 1998, method 4; R's <c>prop.test</c>).</summary>
    WilsonContinuity,

    /// <summary>Exact interval of Clopper and Pearson (1934; R's <c>binom.test</c>).</summary>
    ClopperPearson,
}
