using System.Text.Json.Serialization;

namespace BoneMet.Cohorts.Protocols;

/// <summary>What happens to subjects with a missing factor.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MissingPolicy>))]
public enum MissingPolicy
{
    /// <summary>They are left out: unbiased only when values are missing completely at random.</summary>
    [JsonStringEnumMemberName("complete-case")]
    CompleteCase,

    /// <summary>"Missing" becomes a level (numbers: the mean with an indicator): biased in general, kept for comparison with the literature.</summary>
    [JsonStringEnumMemberName("indicator")]
    Indicator,
}
