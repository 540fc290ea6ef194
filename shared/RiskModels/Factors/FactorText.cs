using System.Text;

namespace BoneMet.RiskModels;

/// <summary>Brings spellings of names, levels and units together.</summary>
internal static class FactorText
{
    private static readonly (string From, string To)[] UnitWords =
    [
        ("мкмоль", "umol"), ("ммоль", "mmol"), ("нмоль", "nmol"), ("моль", "mol"), ("мккат", "ukat"), ("нкат", "nkat"), ("мкг", "ug"), ("мг", "mg"), ("нг", "ng"),
        ("мкл", "ul"), ("мл", "ml"), ("дл", "dl"), ("ме", "iu"), ("ед", "u"), ("лет", "a"), ("года", "a"), ("год", "a"), ("мес", "mo"), ("см", "cm"), ("мм", "mm"), ("г", "g"), ("л", "l"),
        ("微克", "ug"), ("毫克", "mg"), ("纳克", "ng"), ("毫升", "ml"), ("分升", "dl"), ("单位", "u"), ("毫摩尔", "mmol"), ("微摩尔", "umol"), ("厘米", "cm"), ("毫米", "mm"), ("岁", "a"), ("年", "a"), ("克", "g"), ("升", "l"),
        ("µ", "u"), ("μ", "u"), ("mcg", "ug"), ("mcl", "ul"),
    ];

    /// <summary>Letters and digits only, lower case; "+" and "-" stay where they are the whole meaning ("HR+/HER2-", "-").</summary>
    public static string Word(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
        {
            if (char.IsLetterOrDigit(c)) { kept.Append(c == 'ё' ? 'е' : char.ToLowerInvariant(c)); }
        }
        return kept.ToString();
    }

    /// <summary>As <see cref="Word"/>, keeping signs: levels such as "2+" and "HER2-" live by them.</summary>
    public static string LevelWord(string text)
    {
        var kept = new StringBuilder(text.Length);
        var normal = text.Trim().Normalize(NormalizationForm.FormKC);
        for (var i = 0; i < normal.Length; i++)
        {
            var c = normal[i] is '−' or '–' ? '-' : normal[i];
            if (char.IsLetterOrDigit(c)) { kept.Append(c is 'ё' or 'Ё' ? 'е' : char.ToLowerInvariant(c)); }
            else if (c == '+' || (c == '-' && (i + 1 == normal.Length || !char.IsLetterOrDigit(normal[i + 1])))) { kept.Append(c); }
        }
        return kept.ToString();
    }

    /// <summary>One spelling per unit: "µg/l", "мкг/л", "ug/L" are "ug/l".</summary>
    public static string Unit(string text)
    {
        var unit = text.Trim().Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        foreach (var (from, to) in UnitWords) { unit = unit.Replace(from, to, StringComparison.Ordinal); }
        return unit switch
        {
            "years" or "year" or "y" or "yr" or "yrs" => "a",
            "months" or "month" => "mo",
            "percent" => "%",
            _ => unit.Replace("^", "*", StringComparison.Ordinal).Replace("x10*", "10*", StringComparison.Ordinal).Replace("×10*", "10*", StringComparison.Ordinal)
                .Replace("10e", "10*", StringComparison.Ordinal).Replace("10⁹", "10*9", StringComparison.Ordinal).Replace("iu/", "u/", StringComparison.Ordinal),
        };
    }
}
