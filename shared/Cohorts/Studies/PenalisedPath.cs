using System.Text.Json.Nodes;
using BoneMet.Cohorts.Fitting;
using BoneMet.Cohorts.Protocols;
using BoneMet.Statistics;
using BoneMet.Statistics.Regression;

namespace BoneMet.Cohorts.Studies;

/// <summary>LASSO, elastic net or ridge beside the maximum-likelihood fit: glmnet's path, and the penalty that cross-validation chooses.</summary>
internal static class PenalisedPath
{
    public const int Folds = 10;

    public static bool Asked(StudyProtocol protocol) => protocol.Alpha is not null || protocol.Lambdas is { Count: > 0 };

    /// <summary>Key names of <c>glmnet</c> (<c>lambda</c>, <c>intercept</c>, <c>terms</c>, <c>beta</c>: a row for each term) and of <c>cv.glmnet</c>.</summary>
    public static JsonObject Of(FittedModel model, CancellationToken cancellation)
    {
        var protocol = model.Cohort.Protocol;
        var options = new ElasticNetOptions
        {
            Alpha = protocol.Alpha ?? 1, Lambdas = protocol.Lambdas is { Count: > 0 } given ? [.. given.OrderDescending()] : null, Threads = 0,
        };
        try
        {
            cancellation.ThrowIfCancellationRequested();
            var cross = ElasticNet.CrossValidate(model.Fit.Design, model.Outcome, Folds, unchecked((ulong)protocol.Seed), options);
            cancellation.ThrowIfCancellationRequested();
            return Write(model.Design.Names, options.Alpha, cross);
        }
        catch (StatisticsException exception) { throw new StudyException($"The penalised model cannot be fitted: {exception.Message}"); }
    }

    private static JsonObject Write(IReadOnlyList<string> names, double alpha, ElasticNetCrossValidation cross)
    {
        var path = cross.Path;
        JsonObject At(int k) => new()
        {
            ["lambda"] = Json.Number(path[k].Lambda), ["cvm"] = Json.Number(cross.Mean[k]), ["intercept"] = Json.Number(path[k].Coefficients[0]),
            ["coefficients"] = new JsonArray([.. names.Select((name, j) => (name, beta: path[k].Coefficients[j + 1])).Where(c => c.beta != 0)
                .Select(c => (JsonNode)new JsonObject { ["term"] = c.name, ["coef"] = Json.Number(c.beta), ["or"] = Json.Number(Math.Exp(c.beta)) })]),
        };
        return new JsonObject
        {
            ["alpha"] = alpha, ["lambda"] = Json.Numbers(path.Select(s => s.Lambda)), ["intercept"] = Json.Numbers(path.Select(s => s.Coefficients[0])), ["terms"] = Json.Texts(names),
            ["beta"] = new JsonArray([.. names.Select((_, j) => (JsonNode)Json.Numbers(path.Select(s => s.Coefficients[j + 1])))]), ["df"] = Json.Integers(path.Select(s => s.NonZero)),
            ["dev.ratio"] = Json.Numbers(path.Select(s => s.DevianceRatio)),
            ["cv"] = new JsonObject
            {
                ["folds"] = Folds, ["cvm"] = Json.Numbers(cross.Mean), ["cvsd"] = Json.Numbers(cross.StandardError), ["lambda.min"] = At(cross.Best), ["lambda.1se"] = At(cross.OneStandardError),
            },
        };
    }
}
