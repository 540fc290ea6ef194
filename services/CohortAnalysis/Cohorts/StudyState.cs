using System.Text.Json.Serialization;

namespace BoneMet.CohortAnalysis.Cohorts;

[JsonConverter(typeof(JsonStringEnumConverter<StudyState>))]
internal enum StudyState
{
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}
