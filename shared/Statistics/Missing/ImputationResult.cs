using BoneMet.Statistics.Tables;

namespace BoneMet.Statistics.Missing;

/// <summary>Completed tables.</summary>
/// <param name="Tables">One for each imputation; no column that took part has a missing cell.</param>
/// <param name="Columns">Columns in which cells were filled in, with the method and the number of cells.</param>
public sealed record ImputationResult(IReadOnlyList<Table> Tables, IReadOnlyList<ImputedColumn> Columns);
