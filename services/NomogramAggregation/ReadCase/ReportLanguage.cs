using BoneMet.Hosting;

namespace BoneMet.NomogramAggregation.ReadCase;

/// <summary>The language that a reader asked for.</summary>
internal static class ReportLanguage
{
    /// <exception cref="ProblemException">400: none of the three.</exception>
    public static string Of(string? asked) => asked switch
    {
        null or "en" => "en",
        "zh" or "zh-CN" => "zh",
        "ru" => "ru",
        _ => throw Problems.BadRequest("language", "language must be en, zh or ru."),
    };
}
