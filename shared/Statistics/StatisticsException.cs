namespace BoneMet.Statistics;

/// <summary>An analysis that cannot give a right number: what is wrong, as a stable code and one sentence for the reader.</summary>
/// <param name="code">Stable kebab-case code, for instance <c>one-class</c>, <c>collinear</c>, <c>separation</c>, <c>not-a-number</c>.</param>
/// <param name="message">One sentence that names the item and the reason.</param>
public sealed class StatisticsException(string code, string message) : Exception(message)
{
    /// <summary>Stable kebab-case code of the reason.</summary>
    public string Code { get; } = code;
}
