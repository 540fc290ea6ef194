using BoneMet.Statistics;
using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Regression;
using Xunit;

namespace BoneMet.UnitTests.Statistics;

/// <summary>Data that cannot give a number: a clear message each, never a wrong number.</summary>
public class DegenerateDataTests
{
    private static readonly double[] Y = [0, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1];
    private static readonly double[] X = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    private static readonly double[] Z = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];

    [Fact]
    public void CompleteSeparation_IsNamed()
    {
        var outcome = LogisticRegression.Fit(DesignMatrix.FromColumns(["x", "z"], [X, Z]), [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
        var separated = Assert.IsType<LogisticOutcome.Separated>(outcome);
        Assert.True(separated.Complete);
        Assert.Contains("x", separated.Columns);
        Assert.Contains("separation", separated.Message);
    }

    [Fact]
    public void QuasiCompleteSeparation_ByFactorLevel_IsNamed()
    {
        double[] level = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1];
        var separated = Assert.IsType<LogisticOutcome.Separated>(LogisticRegression.Fit(DesignMatrix.FromColumns(["z", "stageT4"], [Z, level]), Y));
        Assert.False(separated.Complete);
        Assert.Equal(["stageT4"], separated.Columns);
    }

    [Fact]
    public void LevelSeenOnce_SeparatesOrWarns()
    {
        var codes = new int[12];
        codes[3] = 2;
        codes[5] = codes[7] = codes[8] = codes[10] = 1;
        var design = new DesignBuilder(12).Factor("grade", codes, ["G1", "G2", "G3"]).Build();
        Assert.Contains("'G3' of factor 'grade' is seen once", Assert.Single(design.Warnings));
        var separated = Assert.IsType<LogisticOutcome.Separated>(LogisticRegression.Fit(design, Y));
        Assert.Equal(["gradeG3"], separated.Columns);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void OneClass_IsRefused(double value) => Refused("one-class", LogisticRegression.Fit(DesignMatrix.FromColumns(["x"], [X]), [.. X.Select(_ => value)]));

    [Fact]
    public void ConstantColumn_IsNamed() =>
        Assert.Equal(["c"], Refused("constant-column", LogisticRegression.Fit(DesignMatrix.FromColumns(["x", "c"], [X, [.. X.Select(_ => 7.0)]]), Y)).Columns);

    [Fact]
    public void CollinearColumns_NameTheLaterOne()
    {
        var design = DesignMatrix.FromColumns(["x", "z", "sum"], [X, Z, [.. X.Zip(Z, (a, b) => (2 * a) + b - 3)]]);
        Assert.Equal(["sum"], Refused("collinear", LogisticRegression.Fit(design, Y)).Columns);
        Assert.Equal(["sum"], Refused("collinear", LogisticRegression.Fit(design, Y, new LogisticOptions { Firth = true })).Columns);
        Assert.IsType<LogisticOutcome.Fitted>(LogisticRegression.Fit(design.DropColumns(["sum"]), Y));
    }

    [Fact]
    public void NearlyCollinearColumns_AreFittedByQr()
    {
        double[] near = [.. X.Select((x, i) => x + (1e-6 * Z[i]))];
        var fit = LogisticRegression.Fit(DesignMatrix.FromColumns(["x", "near"], [X, near]), Y).Require();
        var same = LogisticRegression.Fit(DesignMatrix.FromColumns(["x", "z"], [X, Z]), Y).Require();
        Reference.Close(same.LogLikelihood, fit.LogLikelihood, 1e-9, "the columns span the same space");
        Reference.Close(same.Coefficients[2] * 1e6, fit.Coefficients[2], 1e-6, "near");
        Reference.Close(same.StandardErrors[2] * 1e6, fit.StandardErrors[2], 1e-6, "near se");
    }

    [Fact]
    public void MissingValues_NameColumnAndRow()
    {
        Assert.Equal("Column 'x', row 3: the value is missing (NaN).", Assert.Throws<StatisticsException>(() => DesignMatrix.FromColumns(["x"], [[1, 2, double.NaN]])).Message);
        Refused("not-a-number", LogisticRegression.Fit(DesignMatrix.FromColumns(["x"], [X]), [.. Y.Select((y, i) => i == 4 ? double.NaN : y)]));
        Refused("not-binary", LogisticRegression.Fit(DesignMatrix.FromColumns(["x"], [X]), [.. Y.Select((y, i) => i == 4 ? 2 : y)]));
        Assert.Equal("not-a-number", Assert.Throws<StatisticsException>(() => Roc.Of([1, double.NaN], [0, 1])).Code);
    }

    [Fact]
    public void NoRows_IsRefused()
    {
        Assert.Equal("no-rows", Assert.Throws<StatisticsException>(() => DesignMatrix.FromColumns(["x"], [[]])).Code);
        Assert.Equal("no-rows", Assert.Throws<StatisticsException>(() => Roc.Of([], [])).Code);
        Assert.Equal("no-rows", Assert.Throws<StatisticsException>(() => BrierScore.Of([], [])).Code);
    }

    [Fact]
    public void MoreColumnsThanRows_IsRefused() =>
        Refused("too-few-rows", LogisticRegression.Fit(DesignMatrix.FromColumns(["a", "b", "c"], [[1, 2, 3], [2, 1, 5], [0, 1, 0]]), [0, 1, 1]));

    [Fact]
    public void HugeAndTinyUnits_DoNotChangeTheFit()
    {
        var plain = LogisticRegression.Fit(DesignMatrix.FromColumns(["x", "z"], [X, Z]), Y).Require();
        var scaled = LogisticRegression.Fit(DesignMatrix.FromColumns(["x", "z"], [[.. X.Select(x => (x * 1e9) + 1e12)], [.. Z.Select(z => z * 1e-9)]]), Y).Require();
        Reference.Close(plain.Coefficients[1], scaled.Coefficients[1] * 1e9, 1e-8, "x");
        Reference.Close(plain.Coefficients[2], scaled.Coefficients[2] * 1e-9, 1e-8, "z");
        Reference.Close(plain.Deviance, scaled.Deviance, 1e-10, "deviance");
    }

    [Fact]
    public void OneClass_RocAndCalibration_AreRefused()
    {
        Assert.Equal("one-class", Assert.Throws<StatisticsException>(() => Roc.Of([1, 2], [1, 1])).Code);
        Assert.Equal("one-class", Assert.Throws<StatisticsException>(() => CalibrationSummary.Of([.1, .2], [0, 0])).Code);
        Assert.Equal("not-a-probability", Assert.Throws<StatisticsException>(() => BrierScore.Of([1.2], [1])).Code);
        Assert.Equal("too-few-groups", Assert.Throws<StatisticsException>(() => HosmerLemeshow.Of([.5, .5, .5, .5], [0, 1, 1, 0])).Code);
    }

    private static LogisticOutcome.Refused Refused(string code, LogisticOutcome outcome)
    {
        var refused = Assert.IsType<LogisticOutcome.Refused>(outcome);
        Assert.Equal(code, refused.Code);
        Assert.Equal(code, Assert.Throws<StatisticsException>(outcome.Require).Code);
        return refused;
    }
}
