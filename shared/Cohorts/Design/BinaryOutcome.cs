using BoneMet.Cohorts.Studies;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Design;

/// <summary>The outcome as 0 and 1.</summary>
/// <param name="Name">Column.</param>
/// <param name="Values">1 event, 0 none, NaN missing.</param>
/// <param name="Event">Value of the column that is the event.</param>
/// <param name="Other">Value that is not.</param>
internal sealed record BinaryOutcome(string Name, double[] Values, string Event, string Other)
{
    private static readonly HashSet<string> Negative = new(StringComparer.OrdinalIgnoreCase)
    {
        "0", "no", "n", "false", "none", "absent", "negative", "alive", "censored", "нет", "отсутствует", "жив", "无", "否", "没有", "阴性",
    };

    /// <summary>Reads the outcome; <paramref name="wanted"/> names the event.</summary>
    /// <exception cref="StudyException">Not exactly two values.</exception>
    public static BinaryOutcome Of(Column column, string? wanted)
    {
        var factor = column switch
        {
            CategoricalColumn categorical => categorical.DropUnusedLevels(),
            NumericColumn number => Levels(number),
            _ => throw new StudyException($"The outcome {column.Name} holds dates; an outcome has two values."),
        };
        if (factor.Levels.Length == 0) { throw new StudyException($"The outcome {column.Name} has no value in any row."); }
        if (factor.Levels.Length == 1) { throw new StudyException($"The outcome {column.Name} has one class only: every known value is {factor.Levels[0]}."); }
        if (factor.Levels.Length > 2 && wanted is null)
        {
            throw new StudyException($"The outcome {column.Name} has {factor.Levels.Length} values ({string.Join(", ", factor.Levels.Take(6))}{(factor.Levels.Length > 6 ? ", …" : "")}); a binary outcome has two, or name the event with --event.");
        }
        var @event = 1;
        if (wanted is not null)
        {
            @event = Array.IndexOf(factor.Levels, wanted);
            if (@event < 0) { throw new StudyException($"The event '{wanted}' is not a value of {column.Name} ({string.Join(", ", factor.Levels.Take(10))})."); }
        }
        else if (column is CategoricalColumn && Negative.Contains(factor.Levels[1]) && !Negative.Contains(factor.Levels[0])) { @event = 0; }
        var values = new double[factor.Count];
        for (var i = 0; i < values.Length; i++) { values[i] = factor.Codes[i] < 0 ? double.NaN : factor.Codes[i] == @event ? 1 : 0; }
        return new(column.Name, values, factor.Levels[@event], factor.Levels.Length == 2 ? factor.Levels[1 - @event] : "other");
    }

    /// <summary>Reads a follow-up status; a column of ones only is a cohort in which everybody had the event.</summary>
    public static BinaryOutcome OfStatus(Column column, string? wanted) =>
        wanted is null && column is NumericColumn number && number.Values.Where(v => !double.IsNaN(v)).Distinct().ToArray() is [1]
            ? new(column.Name, [.. number.Values], "1", "0")
            : Of(column, wanted);

    private static CategoricalColumn Levels(NumericColumn number)
    {
        var seen = new HashSet<double>();
        foreach (var value in number.Values)
        {
            if (!double.IsNaN(value) && seen.Add(value) && seen.Count > 20) { throw new StudyException($"The outcome {number.Name} has many different numbers; a binary outcome has two values."); }
        }
        return number.ToCategorical();
    }
}
