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
        StudyResult result;
        LoadedTable loaded;
        try
        {
            (loaded, result) = await Task.Run(
                () =>
                {
                    var table = TableReader.Read(path, new TableReaderOptions { StrictColumns = protocol.UsedColumns() }, cancellation);
                    return (table, StudyRunner.Run(protocol, table, progress, cancellation));
                },
                cancellation);
        }
        catch (Exception exception) when (StudyFaults.IsForCaller(exception))
        {
            return study with { State = StudyState.Failed, Reason = exception.Message, FinishedAt = clock.GetUtcNow() };
        }
        var pictures = new Dictionary<string, string>();
        foreach (var (name, svg) in StudyPictures.All(result)) { pictures[name] = await Put(blobs, svg, cancellation); }
        return study with
        {
            State = StudyState.Done, Reason = null, FinishedAt = clock.GetUtcNow(), PictureBlobs = pictures, ResultBlob = await Put(blobs, result.ToText() + "\n", cancellation),
            ReportBlob = await Put(blobs, StudyReport.Write(result, loaded, study.CohortName), cancellation), ModelBlob = Model(result, study) is { } model ? await Put(blobs, model, cancellation) : null,
        };
    }

    private static string? Model(StudyResult result, StudyDocument study)
    {
        if (!result.HasModel) { return null; }
        try { return ModelFile.Save(ModelPublisher.Document(result, new PublicationDetails { Id = $"study-{study.Id}", Cohort = study.CohortName })); }
        catch (StudyException) { return null; }        // a model with indicators or beyond the document's limits stays a result
    }

    private static async Task<string> Put(IBlobStore blobs, string text, CancellationToken cancellation)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return (await blobs.Put(stream, cancellation: cancellation)).Sha256;
    }
}
