namespace BoneMet.RiskModels;

/// <summary>A short text in the platform's three languages; English is always there.</summary>
public sealed record LocalText
{
    public required string En { get; init; }
    public string? Zh { get; init; }
    public string? Ru { get; init; }

    /// <summary>The text in <paramref name="language"/> ("en", "zh" or "zh-CN", "ru"), else the English one.</summary>
    public string In(string language) => language switch
    {
        "zh" or "zh-CN" => Zh ?? En,
        "ru" => Ru ?? En,
        _ => En,
    };

    public static implicit operator LocalText(string english) => new() { En = english };

    public static LocalText FromString(string english) => english;

    public override string ToString() => En;
}
