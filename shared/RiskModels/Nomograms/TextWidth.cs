namespace BoneMet.RiskModels;

/// <summary>Width of a text in em, near enough to keep labels apart without a font at hand.</summary>
internal static class TextWidth
{
    public static double Em(string text)
    {
        var width = 0.0;
        foreach (var c in text)
        {
            width += c switch
            {
                >= '\u2E80' => 1.0,
                'i' or 'l' or 'j' or '.' or ',' or ':' or ' ' or '|' or '\'' or '(' or ')' => 0.36,
                'm' or 'w' or 'M' or 'W' or '%' => 0.92,
                >= '\u0400' and <= '\u04FF' => 0.66,
                >= 'A' and <= 'Z' => 0.70,
                _ => 0.61,
            };
        }
        return width;
    }
}
