using System.Globalization;

namespace BoneMet.RiskModels;

/// <summary>What a reader must be told about a prediction, in three languages. Numbers are the same in all of them.</summary>
internal static class Notices
{
    public static LocalText Averaged(LocalText factor) => new()
    {
        En = $"{factor.En} was not given; it stands at the cohort's average, and the interval does not widen for it.",
        Zh = $"未提供{factor.In("zh")}：取队列平均值，区间未因此加宽。",
        Ru = $"Не указано: {factor.In("ru")}; взято среднее по когорте, интервал из-за этого не расширен.",
    };

    public static LocalText Needed(LocalText factor, string model) => new()
    {
        En = $"{factor.En} is needed by {model} and was not given.",
        Zh = $"{model}需要{factor.In("zh")}，但未提供。",
        Ru = $"Для {model} нужно: {factor.In("ru")}; значение не указано.",
    };

    public static LocalText Outside(LocalText factor, double value, double low, double high, string model) => new()
    {
        En = $"{factor.En} = {N(value)} lies outside {N(low)}–{N(high)}, where {model} was seen to hold.",
        Zh = $"{factor.In("zh")} = {N(value)}，超出{model}的适用范围{N(low)}–{N(high)}。",
        Ru = $"{factor.In("ru")} = {N(value)} вне {N(low)}–{N(high)}, где проверена модель {model}.",
    };

    public static LocalText NoBin(LocalText factor, double value, string model) => new()
    {
        En = $"{factor.En} = {N(value)} lies in none of the bins of {model}.",
        Zh = $"{factor.In("zh")} = {N(value)}不属于{model}的任何分段。",
        Ru = $"{factor.In("ru")} = {N(value)} не попадает ни в один интервал модели {model}.",
    };

    public static LocalText NoCoefficient(LocalText factor, string? value, string model) => new()
    {
        En = value is null ? $"{model} has no coefficient for this patient's {factor.En}." : $"{model} has no coefficient for {factor.En} = {value}.",
        Zh = value is null ? $"{model}没有适用于该患者{factor.In("zh")}的系数。" : $"{model}没有{factor.In("zh")} = {value}的系数。",
        Ru = value is null ? $"В {model} нет коэффициента для значения этого пациента: {factor.In("ru")}." : $"В {model} нет коэффициента для {factor.In("ru")} = {value}.",
    };

    public static LocalText NoAbsoluteRisk(string model) => new()
    {
        En = $"{model} has no published intercept and no covariate distribution to solve one from: it gives odds ratios, no probability.",
        Zh = $"{model}没有发表截距，也没有可用于求解的协变量分布：只给出比值比，不给概率。",
        Ru = $"У {model} нет опубликованного свободного члена и распределения факторов, чтобы его найти: есть отношения шансов, вероятности нет.",
    };

    public static LocalText NoBand(string model, double points) => new()
    {
        En = $"{model} publishes no risk for {N(points)} points.",
        Zh = $"{model}未发表{N(points)}分对应的风险。",
        Ru = $"{model} не публикует риск для {N(points)} баллов.",
    };

    public static LocalText NoRow(string model) => new()
    {
        En = $"No row of {model} fits this patient.",
        Zh = $"{model}中没有适合该患者的行。",
        Ru = $"Ни одна строка {model} не подходит этому пациенту.",
    };

    public static LocalText NotDecidable(IReadOnlyList<LocalText> factors) => new()
    {
        En = $"The rule cannot be decided without {string.Join(", ", factors.Select(f => f.En))}.",
        Zh = $"缺少以下因素，规则无法判定：{string.Join("、", factors.Select(f => f.In("zh")))}。",
        Ru = $"Правило нельзя применить без: {string.Join(", ", factors.Select(f => f.In("ru")))}.",
    };

    public static LocalText Enriched(double? prevalence) => new()
    {
        En = $"The model's cohort was enriched ({Share(prevalence)} with the event): its probabilities are too high for everyday patients until it is recalibrated at the site.",
        Zh = $"该模型的队列为富集队列（{Share(prevalence)}发生事件）：在本中心重新校准之前，其概率对日常患者偏高。",
        Ru = $"Когорта модели обогащена (событие у {Share(prevalence)}): до рекалибровки в центре вероятности завышены для обычных пациентов.",
    };

    public static LocalText OtherQuestion(LocalText asked, string model, LocalText answered) => new()
    {
        En = $"No model of this cancer type answers '{asked.En}' for this patient; {model} answers '{answered.En}'.",
        Zh = $"该癌种没有模型能回答“{asked.In("zh")}”；{model}回答的是“{answered.In("zh")}”。",
        Ru = $"Для этой опухоли нет модели, отвечающей на «{asked.In("ru")}»; {model} отвечает на «{answered.In("ru")}».",
    };

    public static LocalText Untrained { get; } = new()
    {
        En = "The encoder is untrained: its label is shown and is never part of a risk.",
        Zh = "编码器未经训练：仅展示其标签，绝不计入风险。",
        Ru = "Кодировщик не обучен: метка показана, но никогда не входит в риск.",
    };

    public static LocalText SyntheticLabel { get; } = new()
    {
        En = "The encoder learned from generated data: its label enters only the synthetic demonstration models.",
        Zh = "编码器由合成数据训练：其标签仅可用于合成演示模型。",
        Ru = "Кодировщик обучен на сгенерированных данных: метка входит только в синтетические демонстрационные модели.",
    };

    public static LocalText LabelNotFinite { get; } = new() { En = "The label is not a finite number.", Zh = "标签不是有限数值。", Ru = "Метка не является конечным числом." };

    public static LocalText EncoderNotNamed(string model, string encoder) => new()
    {
        En = $"{model} does not name the encoder {encoder}.",
        Zh = $"{model}未指定编码器{encoder}。",
        Ru = $"В {model} не назван кодировщик {encoder}.",
    };

    private static string N(double value) => Math.Round(value, 6).ToString("0.######", CultureInfo.InvariantCulture);

    private static string Share(double? value) => value is { } share ? (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "?";
}
