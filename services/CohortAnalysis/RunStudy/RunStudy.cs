using System.Text;
using BoneMet.CohortAnalysis.Cohorts;
using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Publishing;
using BoneMet.Cohorts.Reports;
using BoneMet.Cohorts.Studies;
using BoneMet.RiskModels;
using BoneMet.Statistics.Tables;
using BoneMet.Storage;

namespace BoneMet.CohortAnalysis.RunStudy;

/// <summary>Runs one study from its protocol and data alone and stores what it found.</summary>
internal static class RunStudy
{
    public static async Task<StudyDocument> Handle(StudyDocument study, IBlobStore blobs, TimeProvider clock, IProgress<double> progress, CancellationToken cancellation)
    {
        var path = await blobs.LocalPath(study.CohortSha256, cancellation);
        if (path is null) { return study with { State = StudyState.Failed, Reason = "The cohort's bytes are no longer in the store.", FinishedAt = clock.GetUtcNow() }; }
        var protocol = StudyProtocol.Parse(study.Protocol);
        var secondPath = protocol.ValidateOn is { } hash ? await blobs.LocalPath(hash, cancellation) : null;
        if (protocol.ValidateOn is not null && secondPath is null) { return study with { State = StudyState.Failed, Reason = "The second cohort's bytes are not in the store.", FinishedAt = clock.GetUtcNow() }; }
        StudyResult result;
        LoadedTable loaded;
        try
        {
            (loaded, result) = await Task.Run(
                () =>
                {
                    var options = new TableReaderOptions { StrictColumns = protocol.UsedColumns() };
                    var table = TableReader.Read(path, options, cancellation);
                    var second = secondPath is null ? null : TableReader.Read(secondPath, options, cancellation);
                    return (table, StudyRunner.Run(protocol, table, second, progress, cancellation));
                },
                cancellation);
        }
        catch (Exception exception) when (StudyFaults.IsForCaller(exception))
        {
            return study with { State = StudyState.Failed, Reason = exception.Message, FinishedAt = clock.GetUtcNow() };
        }
        var pictures = new Dictionary<string, string>();
        foreach (var (name, svg) in StudyPictures.All(result)) { pictures[name] = await Put(blobs, svg, cancellation); }
        var models = new Dictionary<string, string>();
        foreach (var ((type, part), number) in result.TypeResults.Select((model, index) => (model, index + 1)))
        {
            if (Model(part, study, type, number) is { } document) { models[type] = await Put(blobs, document, cancellation); }
        }
        return study with
        {
            State = StudyState.Done, Reason = null, FinishedAt = clock.GetUtcNow(), PictureBlobs = pictures, ResultBlob = await Put(blobs, result.ToText() + "\n", cancellation),
            ReportBlob = await Put(blobs, StudyReport.Write(result, loaded, study.CohortName), cancellation), TypeModelBlobs = models, ModelBlob = Model(result, study) is { } model ? await Put(blobs, model, cancellation) : null,
        };
    }

    private static string? Model(StudyResult result, StudyDocument study, string? type = null, int number = 0)
    {
        if (!result.HasModel) { return null; }
        try { return ModelFile.Save(ModelPublisher.Document(result, new PublicationDetails
            {
                Id = type is null ? $"study-{study.Id}" : $"study-{study.Id}-{number}", Cohort = type is null ? study.CohortName : $"{study.CohortName}, {type} only", CancerType = (type is null ? null : FactorDictionary.Level("cancer-type", type)) ?? "any",
            })); }
        catch (StudyException) { return null; }        // a model with indicators or beyond the document's limits stays a result
    }

    private static async Task<string> Put(IBlobStore blobs, string text, CancellationToken cancellation)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return (await blobs.Put(stream, cancellation: cancellation)).Sha256;
    }
}
