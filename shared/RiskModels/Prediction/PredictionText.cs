using System.Globalization;

namespace BoneMet.RiskModels;

/// <summary>A probability in words, in three languages, with each language's own plural forms.</summary>
public static class PredictionText
{
    /// <summary>"Of 100 patients like this one, about 24 have bone metastasis at diagnosis." Below 1 %, of 1,000.</summary>
    public static LocalText Sentence(double probability, ModelOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var of = probability is < 0.01 or > 0.99 ? 1000 : 100;
        var count = (int)Math.Round(probability * of, MidpointRounding.AwayFromZero);
        var horizon = outcome.HorizonMonths is { } months ? months.ToString(CultureInfo.InvariantCulture) : null;
        return new() { En = English(count, of, probability, outcome, horizon), Zh = Chinese(count, of, probability, outcome, horizon), Ru = Russian(count, of, probability, outcome, horizon) };
    }

    /// <summary>Russian plural: 1 пациент, 2 пациента, 5 пациентов.</summary>
    public static string RussianPlural(int count, string one, string few, string many) => (Math.Abs(count) % 10, Math.Abs(count) % 100) switch
    {
        (1, not 11) => one,
        ( >= 2 and <= 4, not (>= 12 and <= 14)) => few,
        _ => many,
    };

    /// <summary>The event and its timing as a noun phrase: "bone metastasis at diagnosis".</summary>
    public static LocalText Outcome(ModelOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var months = outcome.HorizonMonths?.ToString(CultureInfo.InvariantCulture);
        var thing = outcome.Event switch
        {
            ModelOutcome.BoneMetastasis => new LocalText { En = "bone metastasis", Zh = "骨转移", Ru = "метастазы в кости" },
            "distant-metastasis" => new LocalText { En = "distant metastasis", Zh = "远处转移", Ru = "отдалённые метастазы" },
            "skeletal-related-event" => new LocalText { En = "skeletal-related event", Zh = "骨相关事件", Ru = "костное осложнение" },
            _ => new LocalText { En = "death", Zh = "死亡", Ru = "смерть" },
        };
        return outcome.Timing switch
        {
            ModelOutcome.Synchronous => new() { En = $"{thing.En} at diagnosis", Zh = $"诊断时{thing.Zh}", Ru = $"{thing.Ru} при постановке диагноза" },
            ModelOutcome.TimingNotStated => new() { En = $"{thing.En} (time not stated in the publication)", Zh = $"{thing.Zh}（文献未说明发生时间）", Ru = $"{thing.Ru} (срок в публикации не указан)" },
            _ when months is not null => new() { En = $"{thing.En} within {months} months", Zh = $"{months}个月内{thing.Zh}", Ru = $"{thing.Ru} в течение {months} мес." },
            _ => thing,
        };
    }

    private static string English(int count, int of, double probability, ModelOutcome outcome, string? horizon)
    {
        var (one, many) = outcome.Event switch
        {
            ModelOutcome.BoneMetastasis => outcome.Timing == ModelOutcome.Synchronous ? ("has bone metastasis", "have bone metastasis") : ("gets bone metastasis", "get bone metastasis"),
            "distant-metastasis" => ("gets distant metastasis", "get distant metastasis"),
            "skeletal-related-event" => ("has a skeletal-related event", "have a skeletal-related event"),
            _ => ("dies", "die"),
        };
        var amount = count == 0 ? "fewer than 1" : probability < 1 && count == of ? $"more than {of - 1}" : $"about {count}";
        return $"Of {of:#,0} patients like this one, {amount} {(count == 1 ? one : many)}{When(" at diagnosis", $" within {horizon} months", outcome, horizon)}.";
    }

    private static string Chinese(int count, int of, double probability, ModelOutcome outcome, string? horizon)
    {
        var what = outcome.Event switch
        {
            ModelOutcome.BoneMetastasis => "发生骨转移",
            "distant-metastasis" => "发生远处转移",
            "skeletal-related-event" => "发生骨相关事件",
            _ => "死亡",
        };
        var amount = count == 0 ? "不到1" : probability < 1 && count == of ? $"超过{of - 1}" : $"约有{count}";
        return $"在{of}名与该患者情况相似的患者中，{amount}名{When("在诊断时", $"在{horizon}个月内", outcome, horizon)}{what}。";
    }

    private static string Russian(int count, int of, double probability, ModelOutcome outcome, string? horizon)
    {
        var what = outcome.Event switch
        {
            ModelOutcome.BoneMetastasis => "метастазы в кости",
            "distant-metastasis" => "отдалённые метастазы",
            "skeletal-related-event" => "костные осложнения",
            _ => "смерть",
        };
        var amount = count == 0 ? "менее чем у 1 пациента"
            : probability < 1 && count == of ? $"более чем у {of - 1} пациентов"
            : $"примерно у {count} {RussianPlural(count, "пациента", "пациентов", "пациентов")}";
        var verb = outcome.Event == "death" ? "наступает" : outcome.Timing == ModelOutcome.Synchronous ? "имеются" : "развиваются";
        return $"Из {of} пациентов, подобных этому, {amount}{When(" при постановке диагноза", $" в течение {horizon} {Months(outcome)}", outcome, horizon)} {verb} {what}.";
    }

    private static string Months(ModelOutcome outcome) => RussianPlural((int)(outcome.HorizonMonths ?? 0), "месяца", "месяцев", "месяцев");

    private static string When(string synchronous, string within, ModelOutcome outcome, string? horizon) =>
        outcome.Timing == ModelOutcome.Synchronous ? synchronous : horizon is null ? "" : within;
}
