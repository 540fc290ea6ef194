using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed class BatchTests
{
    [Fact]
    public void Score_OfRows_EqualsSinglePredictions_AndNamesBadRows()
    {
        var model = ModelLibrary.BuiltIn.Find("lung-adenocarcinoma-seer")!;
        const string Csv = "id,性别,other metastatic sites,tumour size [mm],remark\na,男,1,41,x\nb,female,0,,y\nc,male,9,10,z\nd,male,1,-4,\n\"e,1\",male,,20,\n";
        using var output = new StringWriter();
        var summary = BatchScorer.Score(model, new StringReader(Csv), output, threads: 2);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, summary.Scored);
        Assert.Equal(3, summary.WithProblems);
        Assert.Equal(["remark"], summary.UnusedColumns);

        var single = Predictor.Predict(model, FactorDictionary.Code([new("sex", Level: "male"), new("other-metastatic-sites", 1), new("tumour-size", 41, Unit: "mm")]).Coded);
        Assert.StartsWith(FormattableString.Invariant($"a,{single.Probability},{single.LinearPredictor},"), lines[1], StringComparison.Ordinal);
        Assert.StartsWith("b,0.", lines[2], StringComparison.Ordinal);
        Assert.Contains("no level '9'", lines[3], StringComparison.Ordinal);
        Assert.Contains("impossible", lines[4], StringComparison.Ordinal);
        Assert.StartsWith("\"e,1\",,,,,,", lines[5], StringComparison.Ordinal);
    }

    [Fact]
    public void Score_WithAUnitThatTheFactorCannotHave_NamesTheColumn()
    {
        var error = Assert.Throws<InvalidDataException>(() => BatchScorer.Score(ModelLibrary.BuiltIn.Find("lung-adenocarcinoma-seer")!, new StringReader("tumour size [mg]\n1\n"), TextWriter.Null));
        Assert.Contains("tumour size [mg]", error.Message, StringComparison.Ordinal);
    }
}
