using System.Text.Json.Serialization;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>Where one strand of a case stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StrandStatus>))]
internal enum StrandStatus
{
    /// <summary>Nothing was given and nothing was announced.</summary>
    [JsonStringEnumMemberName("absent")]
    Absent,

    /// <summary>Announced by the submitter, not yet here.</summary>
    [JsonStringEnumMemberName("awaited")]
    Awaited,

    /// <summary>Here, and a worker has it.</summary>
    [JsonStringEnumMemberName("working")]
    Working,

    /// <summary>Its result is part of the case.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>Given up for good, with a reason.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
