using System.Text.Json.Nodes;
using BoneMet.Cohorts.Fitting;
using BoneMet.Cohorts.Protocols;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>Runs a frozen protocol on a table. The result depends on the protocol and the data alone.</summary>
public static class StudyRunner
{
    private const int MaximumListedRejections = 1000;

    /// <summary>Runs the study.</summary>
    /// <param name="protocol">What to do.</param>
    /// <param name="loaded">The cohort.</param>
    /// <param name="progress">Told the fraction done.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="StudyException">The study is not possible; one sentence says why.</exception>
    public static StudyResult Run(StudyProtocol protocol, LoadedTable loaded, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(loaded);
        var cohort = Cohort.Open(loaded, protocol);
        var json = new JsonObject
        {
            ["study"] = new JsonObject
            {
                ["protocol"] = JsonNode.Parse(protocol.ToJson()), ["protocol_sha256"] = protocol.Sha256(), ["data_sha256"] = loaded.Sha256, ["outcome"] = cohort.Outcome.Name,
                ["event"] = cohort.Outcome.Event, ["no_event"] = cohort.Outcome.Other, ["factors"] = Json.Texts(cohort.Factors.Select(f => f.Text)),
            },
        };
        FittedModel? model = null;
        switch (protocol.Kind)
        {
            case StudyKind.Describe:
                json["table1"] = DescribeStudy.TableOne(cohort, cancellation);
                json["warnings"] = new JsonArray();
                break;
            case StudyKind.Survival: SurvivalStudy.Write(cohort, json, cancellation); break;
            case StudyKind.Screen: ScreenStudy.Write(cohort, json, progress, cancellation); break;
            case StudyKind.Impute: ImputeStudy.Write(cohort, json, progress, cancellation); break;
            case StudyKind.Strata: StrataStudy.Write(cohort, json, progress, cancellation); break;
            default:
                model = FitStudy.Fit(cohort, cancellation);
                FitStudy.Write(model, json, cancellation);
                json["table1"] = DescribeStudy.TableOne(cohort, cancellation);
                if (protocol.Kind == StudyKind.Validate) { ValidateStudy.Write(model, json, progress, cancellation); }
                if (protocol.Kind == StudyKind.Nomogram) { json["nomogram"] = NomogramDrawing.Of(model).ToJson(); }
                break;
        }
        json["notes"] = Json.Texts(loaded.Notes);
        json["rejected_cells"] = new JsonObject
        {
            ["count"] = loaded.RejectionCount,
            ["listed"] = new JsonArray([.. loaded.Rejections.Take(MaximumListedRejections).Select(r => (JsonNode)new JsonObject { ["row"] = r.Row, ["column"] = r.Column, ["text"] = r.Text, ["reason"] = r.Reason })]),
        };
        progress?.Report(1);
        return new StudyResult(json, model);
    }
}
