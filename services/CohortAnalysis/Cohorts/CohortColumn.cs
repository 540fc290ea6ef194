namespace BoneMet.CohortAnalysis.Cohorts;

/// <param name="Name">Header.</param>
/// <param name="Kind">numeric, categorical or date.</param>
/// <param name="Missing">Cells without a value.</param>
/// <param name="Levels">Different texts of a categorical column.</param>
internal sealed record CohortColumn(string Name, string Kind, int Missing, int? Levels);
