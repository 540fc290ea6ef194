using BoneMet.Cohorts.Studies;

namespace BoneMet.Cohorts.Design;

/// <summary>One factor as the protocol writes it.</summary>
/// <param name="Text">As written; the beginning of the names of its terms.</param>
/// <param name="Columns">Columns of the table: one, or two for a product.</param>
/// <param name="AsLevels">Whether numbers are taken as levels: <c>factor(x)</c>.</param>
/// <param name="Knots">Knots of a spline; 0: none.</param>
internal sealed record FactorSpec(string Text, string[] Columns, bool AsLevels, int Knots)
{
    /// <summary>Reads the factors of a protocol; products come last and bring no main effects that are not listed, except with <c>a*b</c>.</summary>
    public static IReadOnlyList<FactorSpec> Parse(IReadOnlyList<string> factors, IReadOnlyDictionary<string, int> splines, Func<string, bool> exists)
    {
        var main = new List<FactorSpec>();
        var products = new List<FactorSpec>();
        foreach (var text in factors.Select(f => f.Trim()).Where(f => f.Length > 0))
        {
            if (exists(text)) { Add(main, Single(text)); continue; }
            var star = text.Split('*', StringSplitOptions.TrimEntries);
            var colon = text.Split(':', StringSplitOptions.TrimEntries);
            if (star.Length == 2)
            {
                Add(main, Single(star[0]));
                Add(main, Single(star[1]));
                Add(products, new($"{star[0]}:{star[1]}", star, false, 0));
            }
            else if (colon.Length == 2) { Add(products, new(text, colon, false, 0)); }
            else { Add(main, Single(text)); }
        }
        foreach (var column in splines.Keys)
        {
            if (!main.Any(spec => spec.Columns[0] == column)) { throw new StudyException($"The spline is for {column}, which is not among the factors."); }
        }
        return [.. main, .. products];

        FactorSpec Single(string text)
        {
            if (exists(text)) { return new(text, [text], false, splines.GetValueOrDefault(text)); }
            if (Call(text, "factor") is [var name]) { return new(text, [name], true, 0); }
            if (Call(text, "rcs") is [var column, var knots] && int.TryParse(knots, out var count))
            {
                if (count is < 3 or > 7) { throw new StudyException($"{text} has {count} knots; 3 to 7 are possible."); }
                return new(column, [column], false, count);
            }
            return new(text, [text], false, splines.GetValueOrDefault(text));
        }
    }

    private static void Add(List<FactorSpec> list, FactorSpec spec)
    {
        if (!list.Any(other => other.Text == spec.Text)) { list.Add(spec); }
    }

    private static string[]? Call(string text, string function) =>
        text.StartsWith(function + "(", StringComparison.Ordinal) && text[^1] == ')' ? text[(function.Length + 1)..^1].Split(',', StringSplitOptions.TrimEntries) : null;
}
