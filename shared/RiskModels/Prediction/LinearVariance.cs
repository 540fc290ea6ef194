using System.Text.Json.Nodes;

namespace BoneMet.RiskModels;

/// <summary>Variance of the linear predictor: from the covariance matrix (delta method), or from standard errors taken as independent, or not known.</summary>
internal sealed class LinearVariance
{
    public const string DeltaMethod = "delta-method";
    public const string Independence = "independence-approximation";
    public const string NotAvailable = "not-available";

    private readonly double[,]? covariance;
    private readonly double[]? variances;
    private readonly double interceptVariance;

    private LinearVariance(string kind, double[,]? covariance, double[]? variances, double interceptVariance)
    {
        Kind = kind;
        this.covariance = covariance;
        this.variances = variances;
        this.interceptVariance = interceptVariance;
    }

    public string Kind { get; }

    public static LinearVariance Of(CompiledModel model)
    {
        var source = model.Model;
        if (source.Covariance is { } given)
        {
            var n = model.Columns.Count;
            var matrix = new double[n + 1, n + 1];
            var places = given.Names.Select(name => name == "Intercept" ? n : IndexOf(model.Columns, name)).ToArray();
            for (var i = 0; i < places.Length; i++)
            {
                for (var j = 0; j < places.Length; j++)
                {
                    if (places[i] >= 0 && places[j] >= 0) { matrix[places[i], places[j]] = given.Rows[i][j]; }
                }
            }
            return new(DeltaMethod, matrix, null, 0);
        }

        var squares = new double[model.Columns.Count];
        foreach (var term in model.Terms)
        {
            for (var i = 0; i < term.Columns; i++)
            {
                var coefficient = term.Coefficients[i];
                var reference = i < term.Levels.Count && term.Levels[i].IsReference;
                var se = coefficient.StandardError ?? (reference || coefficient.Beta == 0 ? 0 : double.NaN);
                if (double.IsNaN(se)) { return new(NotAvailable, null, null, 0); }
                squares[term.FirstColumn + i] = se * se;
            }
        }
        if (!squares.Any(s => s > 0)) { return new(NotAvailable, null, null, 0); }
        return new(Independence, null, squares, (source.Intercept?.StandardError ?? 0) * (source.Intercept?.StandardError ?? 0));
    }

    /// <summary>Variance at design row <paramref name="x"/>.</summary>
    public double At(ReadOnlySpan<double> x)
    {
        if (covariance is { } matrix)
        {
            var n = x.Length;
            var sum = matrix[n, n];
            for (var i = 0; i < n; i++)
            {
                if (x[i] == 0) { continue; }
                sum += 2 * x[i] * matrix[i, n];
                for (var j = 0; j < n; j++) { sum += x[i] * x[j] * matrix[i, j]; }
            }
            return sum;
        }
        var total = interceptVariance;
        for (var i = 0; i < x.Length; i++) { total += x[i] * x[i] * variances![i]; }
        return total;
    }

    /// <summary>
    /// True: nothing is known of this variance. The reference patient's risk is the intercept alone, and one that was solved or printed without precision
    /// is not certain for that: a width of zero would claim it were.
    /// </summary>
    public bool IsUnknown(double variance) => Kind == NotAvailable || (Kind == Independence && variance == 0);

    /// <summary>The numbers of <see cref="At"/>; null when the variance is not known.</summary>
    public JsonObject? ToJson()
    {
        if (Kind == NotAvailable) { return null; }
        if (covariance is not { } matrix) { return new() { ["squares"] = new JsonArray([.. variances!.Select(v => (JsonNode)v)]), ["intercept"] = interceptVariance }; }
        var rows = Enumerable.Range(0, matrix.GetLength(0)).Select(i => (JsonNode)new JsonArray([.. Enumerable.Range(0, matrix.GetLength(1)).Select(j => (JsonNode)matrix[i, j])]));
        return new() { ["matrix"] = new JsonArray([.. rows]) };
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name) { return i; }
        }
        return -1;
    }
}
