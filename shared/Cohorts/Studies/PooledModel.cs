using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>One model over all strata, which enter as main effects: what an interaction test compares with.</summary>
internal sealed class PooledModel(StudyMatrix design, double[] y, CategoricalColumn groups)
{
    private readonly List<double[]> _columns = [.. design.Columns, .. Enumerable.Range(1, groups.Levels.Length - 1).Select(g => Indicator(groups, g))];
    private readonly List<string> _names = [.. design.Names, .. groups.Levels.Skip(1).Select(level => groups.Name + level)];
    private LogisticFit? _fit;

    /// <summary>Columns and names of the model, strata last.</summary>
    public DesignMatrix Matrix() => DesignMatrix.FromColumns(_names, _columns);

    /// <summary>Likelihood-ratio test of a term's products with the strata; a product that no subject has is left out and costs no degree of freedom.</summary>
    public JsonObject Interaction(DesignTerm term, CancellationToken cancellation)
    {
        var products = new List<double[]>();
        var names = new List<string>();
        for (var g = 1; g < groups.Levels.Length; g++)
        {
            foreach (var c in term.Columns)
            {
                double[] product = [.. groups.Codes.Select((code, i) => code == g ? design.Columns[c][i] : 0)];
                if (Array.TrueForAll(product, v => v == 0)) { continue; }
                products.Add(product);
                names.Add($"{design.Names[c]}:{groups.Name}{groups.Levels[g]}");
            }
        }
        try
        {
            if (products.Count == 0) { throw new StudyException("The factor varies in one stratum only."); }
            _fit ??= LogisticModel.Fit(_columns, _names, y, cancellation: cancellation);
            var crossed = LogisticModel.Fit([.. _columns, .. products], [.. _names, .. names], y, cancellation: cancellation);
            var chisq = 2 * (crossed.LogLikelihood - _fit.LogLikelihood);
            return new JsonObject { ["chisq"] = Json.Number(chisq), ["df"] = products.Count, ["p"] = Json.Number(ChiSquare.UpperTail(chisq, products.Count)) };
        }
        catch (StudyException exception) { return new JsonObject { ["chisq"] = null, ["reason"] = exception.Message }; }
    }

    private static double[] Indicator(CategoricalColumn groups, int level) => [.. groups.Codes.Select(code => code == level ? 1.0 : 0)];
}
