using System.Text.Json.Nodes;

namespace BoneMet.CohortAnalysis.Cohorts;

/// <summary>A study as callers see it.</summary>
internal sealed record StudyView(
    string StudyId, string CohortId, string State, double Progress, string? Reason, string CohortSha256, string ProtocolSha256, JsonNode? Protocol, DateTimeOffset At, DateTimeOffset? FinishedAt,
    IReadOnlyDictionary<string, string> Links)
{
    public static StudyView Of(StudyDocument study, double progress)
    {
        var self = $"/api/v1/cohorts/{study.CohortId}/studies/{study.Id}";
        var links = new Dictionary<string, string> { ["self"] = self };
        if (study.ResultBlob is not null) { links["result"] = $"{self}/result"; }
        if (study.ReportBlob is not null) { links["report"] = $"{self}/report"; }
        if (study.ModelBlob is not null) { links["model"] = $"{self}/model"; }
        foreach (var type in study.TypeModelBlobs.Keys) { links[$"model:{type}"] = $"{self}/model?type={Uri.EscapeDataString(type)}"; }
        foreach (var picture in study.PictureBlobs.Keys) { links[$"picture:{picture}"] = $"{self}/pictures/{picture}"; }
        return new(
            study.Id, study.CohortId, study.State.ToString().ToLowerInvariant(), study.State is StudyState.Done ? 1 : progress, study.Reason, study.CohortSha256, study.ProtocolSha256, JsonNode.Parse(study.Protocol), study.At,
            study.FinishedAt, links);
    }
}
