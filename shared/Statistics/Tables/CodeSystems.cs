using System.Text.RegularExpressions;

namespace BoneMet.Statistics.Tables;

/// <summary>Checks of coded cells: TNM categories by edition, ICD-O-3 morphology and topography.</summary>
/// <remarks>
/// TNM: the union of the categories that an edition uses for solid tumours. Lung T1c, T1mi, M1c and subdivided M1c are of the 8th edition;
/// the 7th has T1a, T1b, M1a and M1b only. ICD-O-3: morphology 8000–9993 with behaviour 0, 1, 2, 3, 6 or 9; topography C00–C80.
/// </remarks>
public static partial class CodeSystems
{
    /// <summary>The checks that a dictionary may name.</summary>
    public static IReadOnlyList<string> Known { get; } = ["tnm-7:t", "tnm-7:n", "tnm-7:m", "tnm-8:t", "tnm-8:n", "tnm-8:m", "icd-o-3:morphology", "icd-o-3:topography"];

    /// <summary>Why <paramref name="text"/> is not a code of <paramref name="system"/>; null when it is one.</summary>
    /// <exception cref="TableException">The system is not known.</exception>
    public static string? Fault(string system, string text) => system switch
    {
        "tnm-7:t" => T7().IsMatch(text) ? null : T8().IsMatch(text) ? $"'{text}' belongs to TNM edition 8, not 7" : $"'{text}' is not a T category",
        "tnm-8:t" => T8().IsMatch(text) ? null : $"'{text}' is not a T category",
        "tnm-7:n" or "tnm-8:n" => N().IsMatch(text) ? null : $"'{text}' is not an N category",
        "tnm-7:m" => M7().IsMatch(text) ? null : M8().IsMatch(text) ? $"'{text}' belongs to TNM edition 8, not 7" : $"'{text}' is not an M category",
        "tnm-8:m" => M8().IsMatch(text) ? null : $"'{text}' is not an M category",
        "icd-o-3:morphology" => Morphology(text),
        "icd-o-3:topography" => Topography().Match(text) is { Success: true } match && int.Parse(match.Groups[1].Value) <= 80 ? null : $"'{text}' is not an ICD-O topography (C00 to C80)",
        _ => throw new TableException($"The check '{system}' is not known; known are {string.Join(", ", Known)}."),
    };

    private static string? Morphology(string text)
    {
        var match = MorphologyCode().Match(text);
        if (!match.Success) { return $"'{text}' is not an ICD-O morphology (four digits, a stroke and the behaviour)"; }
        return int.Parse(match.Groups[1].Value) is >= 8000 and <= 9993 ? null : $"'{text}' is outside the ICD-O morphologies 8000 to 9993";
    }

    [GeneratedRegex("^[cp]?(yc|yp|r|a)?T(X|0|is|a|[1-4](?:[ab])?|2c|3c|4[cd]|1a[12]|1b[12]|2a[12]|1mi|1mic)$", RegexOptions.IgnoreCase)]
    private static partial Regex T7();

    [GeneratedRegex("^[cp]?(yc|yp|r|a)?T(X|0|is(?:\\([A-Za-z]+\\))?|a|[1-4][a-d]?|1a[12]?|1b[123]?|1c[123]?|2a[12]|1mi)$", RegexOptions.IgnoreCase)]
    private static partial Regex T8();

    [GeneratedRegex("^[cp]?(yc|yp|r|a)?N(X|0(\\([isn+\\-mol ]+\\))?|1mi|[1-3][a-c]?[12]?)(\\(sn\\))?$", RegexOptions.IgnoreCase)]
    private static partial Regex N();

    [GeneratedRegex("^[cp]?(yc|yp|r|a)?M(X|0(\\(i\\+\\))?|1[ab]?|1c)$", RegexOptions.IgnoreCase)]
    private static partial Regex M8();

    [GeneratedRegex("^[cp]?(yc|yp|r|a)?M(X|0(\\(i\\+\\))?|1[ab]?)$", RegexOptions.IgnoreCase)]
    private static partial Regex M7();

    [GeneratedRegex("^(?:M-?)?(\\d{4})/([012369])$", RegexOptions.IgnoreCase)]
    private static partial Regex MorphologyCode();

    [GeneratedRegex("^C(\\d{2})(?:\\.?\\d)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Topography();
}
