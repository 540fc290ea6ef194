namespace BoneMet.RiskModels;

/// <summary>Why a model was not the one, in three languages.</summary>
internal static class AlternativeWords
{
    public static LocalText Of(PredictionAlternative alternative) => alternative.Reason switch
    {
        "needs-factors" => new() { En = "needs more factors", Zh = "需要更多因素", Ru = "нужны ещё факторы" },
        "other-outcome" => Other(PredictionText.Outcome(alternative.Outcome)),
        "only-by-id" => new() { En = "used only when asked for by its id", Zh = "仅在指定编号时使用", Ru = "только по запросу по идентификатору" },
        "odds-ratio-only" => new() { En = "gives odds ratios, no probability", Zh = "只给出比值比，不给概率", Ru = "даёт отношения шансов, не вероятность" },
        "gives-no-probability" => new() { En = "a decision rule: positive or negative, no probability", Zh = "决策规则：仅阳性或阴性，无概率", Ru = "правило: да или нет, без вероятности" },
        "out-of-range" => new() { En = alternative.Text, Zh = "不涵盖该患者的取值", Ru = "не охватывает значения этого пациента" },
        _ => new() { En = "uses less of what is known", Zh = "使用的已知信息较少", Ru = "использует меньше известного" },
    };

    private static LocalText Other(LocalText outcome) => new() { En = $"predicts {outcome.En}", Zh = $"预测{outcome.In("zh")}", Ru = $"прогнозирует: {outcome.In("ru")}" };
}
