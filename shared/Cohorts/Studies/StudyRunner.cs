using System.Text.Json.Nodes;
using BoneMet.Cohorts.Fitting;
using BoneMet.Cohorts.Protocols;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>Runs a frozen protocol on a table. The result depends on the protocol and the data alone.</summary>
public static class StudyRunner
{
    private const int MaximumListedRejections = 1000;

    /// <summary>Runs a study that needs no second cohort.</summary>
    /// <exception cref="StudyException">The study is not possible; one sentence says why.</exception>
    public static StudyResult Run(StudyProtocol protocol, LoadedTable loaded, IProgress<double>? progress = null, CancellationToken cancellation = default) => Run(protocol, loaded, null, progress, cancellation);

    /// <summary>Runs the study.</summary>
    /// <param name="protocol">What to do.</param>
    /// <param name="loaded">The cohort.</param>
    /// <param name="second">The cohort that the result is validated on, when the protocol names one.</param>
    /// <param name="progress">Told the fraction done.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="StudyException">The study is not possible; one sentence says why.</exception>
    public static StudyResult Run(StudyProtocol protocol, LoadedTable loaded, LoadedTable? second, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(loaded);
        if (protocol.ValidateOn != second?.Sha256) { throw new StudyException(second is null ? "The protocol names a second cohort to validate on; it was not given." : "The second cohort is not the one that the protocol names."); }
        var cohort = Cohort.Open(loaded, protocol);
        var json = Header(cohort);
        IReadOnlyList<TypeModel> types = [];
        FittedModel? model = null;
        switch (protocol.Kind)
        {
            case StudyKind.Describe or StudyKind.Screen or StudyKind.Impute when second is not null: throw new StudyException("Only fit, validate, nomogram, strata and survival studies are validated on a second cohort.");
            case StudyKind.Describe:
                json["table1"] = DescribeStudy.TableOne(cohort, cancellation);
                json["warnings"] = new JsonArray();
                break;
            case StudyKind.Survival: SurvivalStudy.Write(cohort, second, json, cancellation); break;
            case StudyKind.Screen: ScreenStudy.Write(cohort, json, progress, cancellation); break;
            case StudyKind.Impute: ImputeStudy.Write(cohort, json, progress, cancellation); break;
            case StudyKind.Atlas: types = AtlasStudy.Write(cohort, second, json, progress, cancellation); break;
            case StudyKind.Strata: StrataStudy.Write(cohort, second, json, progress, cancellation); break;
            default:
                model = FitStudy.Fit(cohort, cancellation);
                FitStudy.Write(model, json, cancellation);
                json["table1"] = DescribeStudy.TableOne(cohort, cancellation);
                if (protocol.Kind == StudyKind.Validate) { ValidateStudy.Write(model, json, progress, cancellation); }
                if (second is not null) { ExternalValidation.Write(model, json, second); }
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
        return new StudyResult(json, model) { Types = types };
    }

    /// <summary>What every result begins with: the protocol and the data that it follows from.</summary>
    internal static JsonObject Header(Cohort cohort) => new()
    {
        ["study"] = new JsonObject
        {
            ["protocol"] = JsonNode.Parse(cohort.Protocol.ToJson()), ["protocol_sha256"] = cohort.Protocol.Sha256(), ["data_sha256"] = cohort.Loaded.Sha256, ["outcome"] = cohort.Outcome.Name,
            ["event"] = cohort.Outcome.Event, ["no_event"] = cohort.Outcome.Other, ["factors"] = Json.Texts(cohort.Factors.Select(f => f.Text)),
        },
    };
}
