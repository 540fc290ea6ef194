using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Protocols;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>A table with the outcome of a study found in it and its factors named.</summary>
internal sealed class Cohort
{
    private static readonly HashSet<string> Identifiers = new(StringComparer.OrdinalIgnoreCase) { "id", "x", "rownames", "row", "patient", "patient_id", "case", "case_id", "synthetic_id", "" };

    private Cohort(LoadedTable loaded, StudyProtocol protocol, BinaryOutcome outcome, IReadOnlyList<FactorSpec> factors, int[]? fileRows)
    {
        FileRows = fileRows;
        Loaded = loaded;
        Protocol = protocol;
        Outcome = outcome;
        Factors = factors;
    }

    public LoadedTable Loaded { get; }

    public Table Table => Loaded.Table;

    public StudyProtocol Protocol { get; }

    public BinaryOutcome Outcome { get; }

    public IReadOnlyList<FactorSpec> Factors { get; }

    /// <summary>Row of the file, from 0, that each row of the table was; null where the table is the whole file.</summary>
    public int[]? FileRows { get; }

    /// <summary>Checks the protocol against the table.</summary>
    /// <exception cref="StudyException">A column is missing, or cannot be what it should.</exception>
    public static Cohort Open(LoadedTable loaded, StudyProtocol protocol, int[]? fileRows = null)
    {
        protocol.Check();
        var table = loaded.Table;
        if (table.Rows == 0) { throw new StudyException("The cohort has no row: the file holds a header only."); }
        var survival = protocol.Kind == StudyKind.Survival;
        var column = table[survival ? protocol.Status ?? protocol.Outcome : protocol.Outcome];
        var outcome = survival ? BinaryOutcome.OfStatus(column, protocol.Event) : BinaryOutcome.Of(column, protocol.Event);
        foreach (var name in (string?[])[protocol.Strata, protocol.Site, protocol.Time, protocol.Status]) { if (name is not null) { _ = table[name]; } }
        var listed = protocol.Factors.Count > 0 ? protocol.Factors : Candidates(table, protocol);
        if (listed.Count == 0) { throw new StudyException("No column can be a factor."); }
        var factors = FactorSpec.Parse(listed, protocol.Splines, name => table.TryGet(name, out _));
        foreach (var name in factors.SelectMany(f => f.Columns)) { _ = table[name]; }
        if (factors.SelectMany(f => f.Columns).Contains(protocol.Outcome)) { throw new StudyException($"The column {protocol.Outcome} cannot be outcome and factor at once."); }
        return new(loaded, protocol, outcome, factors, fileRows);
    }

    /// <summary>Design over the rows where outcome and factors are known.</summary>
    public StudyMatrix Design(IReadOnlyList<FactorSpec>? factors = null, params Column[] required) =>
        StudyMatrix.Build(Table, factors ?? Factors, required, row => !double.IsNaN(Outcome.Values[row]), Protocol, FileRows);

    /// <summary>Outcome of the design's rows; both classes are there.</summary>
    public double[] OutcomeOf(StudyMatrix design)
    {
        var y = new double[design.Rows.Length];
        for (var i = 0; i < y.Length; i++) { y[i] = Outcome.Values[design.Rows[i]]; }
        if (Array.TrueForAll(y, v => v == y[0]))
        {
            throw new StudyException($"The outcome {Outcome.Name} has one class only among the {y.Length} rows in which no factor is missing: {(y[0] > 0 ? Outcome.Event : Outcome.Other)}.");
        }
        return y;
    }

    private static string[] Candidates(Table table, StudyProtocol protocol)
    {
        string?[] taken = [protocol.Outcome, protocol.Kind == StudyKind.Survival ? null : protocol.Strata, protocol.Site, protocol.Time, protocol.Status, "time", "status"];
        return [.. table.Columns.Where(c => !taken.Contains(c.Name) && !Identifiers.Contains(c.Name) && c is not DateColumn && c.MissingCount < table.Rows
            && (c is NumericColumn || (c is CategoricalColumn f && f.DropUnusedLevels().Levels.Length is > 1 and <= 50))).Select(c => c.Name)];
    }
}
