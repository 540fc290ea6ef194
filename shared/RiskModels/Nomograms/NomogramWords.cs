using System.Globalization;

namespace BoneMet.RiskModels;

/// <summary>Words on and about a nomogram.</summary>
internal static class NomogramWords
{
    public static string ResearchUse(string language) => language switch
    {
        "zh" or "zh-CN" => "仅供研究使用",
        "ru" => "только для исследований",
        _ => "for research use",
    };

    public static string Unit(string unit, string language) => unit != "years" ? unit : language switch { "zh" or "zh-CN" => "岁", "ru" => "лет", _ => "years" };

    public static string Turn(double value, string language)
    {
        var number = value.ToString("0.###", CultureInfo.InvariantCulture);
        return language switch { "zh" or "zh-CN" => $"曲线在{number}处转向", "ru" => $"кривая поворачивает при {number}", _ => $"the curve turns at {number}" };
    }

    /// <summary>One sentence: what the picture says about this patient.</summary>
    public static string Summary(Prediction? prediction, string language)
    {
        if (prediction?.TotalPoints is not { } total) { return prediction?.Text?.In(language) ?? ""; }
        var points = total.ToString("0.0", CultureInfo.InvariantCulture);
        var percent = prediction.Probability is { } p ? Percent(p) : null;
        return language switch
        {
            "zh" or "zh-CN" => percent is null ? $"总分{points}" : $"总分{points}，概率{percent}",
            "ru" => percent is null ? $"Сумма баллов {points}" : $"Сумма баллов {points}, вероятность {percent}",
            _ => percent is null ? $"Total points {points}" : $"Total points {points}, probability {percent}",
        };
    }

    public static string Percent(double p) => (p * 100).ToString(p is < 0.001 or > 0.999 ? "0.####" : "0.0", CultureInfo.InvariantCulture) + " %";

    public static string Describe(NomogramGeometry geometry, Prediction? prediction, string language)
    {
        var factors = geometry.Axes.Where(a => a.Kind == "factor").Select(a => a.Factor).Distinct().Count();
        var general = language switch
        {
            "zh" or "zh-CN" => $"列线图，{factors}个因素；每个因素的取值向上对应分值，总分向下对应概率。",
            "ru" => $"Номограмма, факторов: {factors}; значение каждого фактора даёт баллы на верхней шкале, сумма баллов — вероятность на нижней.",
            _ => $"Nomogram of {factors} factors; each value gives points on the top scale, total points give the probability on the bottom scale.",
        };
        return prediction is null ? general : $"{general} {Summary(prediction, language)}";
    }
}
