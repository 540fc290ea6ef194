using BoneMet.CohortAnalysis.Cohorts;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.CohortAnalysis.RunStudy;

/// <summary>Takes studies from the queue; at start it queues again what an earlier process left unfinished.</summary>
internal sealed partial class StudyWorker(StudyQueue queue, IDocumentCollection<StudyDocument> studies, IBlobStore blobs, IOptions<CohortOptions> options, TimeProvider clock, ILogger<StudyWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var state in (StudyState[])[StudyState.Running, StudyState.Queued])
        {
            string? after = null;
            do
            {
                var page = await studies.Query(new Dictionary<string, string> { ["state"] = state.ToString() }, after, cancellation: stoppingToken);
                foreach (var study in page.Items) { queue.Add(study.Id); }
                after = page.Next;
            }
            while (after is not null);
        }
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.Parallel, CancellationToken = stoppingToken };
        await Parallel.ForEachAsync(queue.Waiting(stoppingToken), parallel, async (id, cancellation) => await Run(id, cancellation));
    }

    private async Task Run(string id, CancellationToken stopping)
    {
        if (queue.Begin(id, stopping) is not { } source) { return; }
        try
        {
            var study = await studies.Find(id, stopping);
            if (study is not { State: StudyState.Queued or StudyState.Running }) { return; }
            if (study.State == StudyState.Queued && await studies.TrySave(study with { State = StudyState.Running }, stopping) is { } begun) { study = begun; }
            var progress = new Progress<double>(value => queue.Report(id, value));
            var finished = await RunStudy.Handle(study, blobs, clock, progress, source.Token);
            if (await studies.TrySave(finished, stopping) is not null) { LogFinished(id, finished.State); }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested) { LogCancelled(id); }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFault(id, exception);
            if (await studies.Find(id, stopping) is { } study) { await studies.TrySave(study with { State = StudyState.Failed, Reason = "Something went wrong on our side.", FinishedAt = clock.GetUtcNow() }, stopping); }
        }
        finally { queue.End(id); }
    }

    [LoggerMessage(EventId = 6101, Level = LogLevel.Information, Message = "Study {StudyId} finished: {State}")]
    private partial void LogFinished(string studyId, StudyState state);

    [LoggerMessage(EventId = 6102, Level = LogLevel.Information, Message = "Study {StudyId} was stopped by its caller")]
    private partial void LogCancelled(string studyId);

    [LoggerMessage(EventId = 6103, Level = LogLevel.Error, Message = "Study {StudyId} failed unexpectedly")]
    private partial void LogFault(string studyId, Exception exception);
}
