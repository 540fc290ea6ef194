using System.Text.Json.Serialization;

namespace BoneMet.Cohorts.Protocols;

/// <summary>What a study does; the same words on the command line and in the API.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StudyKind>))]
public enum StudyKind
{
    /// <summary>Table 1 by outcome.</summary>
    [JsonStringEnumMemberName("describe")]
    Describe,

    /// <summary>Every factor by itself against the outcome.</summary>
    [JsonStringEnumMemberName("screen")]
    Screen,

    /// <summary>Multivariable logistic model.</summary>
    [JsonStringEnumMemberName("fit")]
    Fit,

    /// <summary>The model with its bootstrap validation.</summary>
    [JsonStringEnumMemberName("validate")]
    Validate,

    /// <summary>Factors across strata: homogeneous or heterogeneous.</summary>
    [JsonStringEnumMemberName("strata")]
    Strata,

    /// <summary>Every factor in every cancer type: each type's own feature set and model.</summary>
    [JsonStringEnumMemberName("atlas")]
    Atlas,

    /// <summary>Cox, Kaplan–Meier, log-rank.</summary>
    [JsonStringEnumMemberName("survival")]
    Survival,

    /// <summary>The model on multiply imputed data.</summary>
    [JsonStringEnumMemberName("impute")]
    Impute,

    /// <summary>The model as a nomogram.</summary>
    [JsonStringEnumMemberName("nomogram")]
    Nomogram,
}
