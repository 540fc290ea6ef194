namespace BoneMet.Statistics.Missing;

/// <summary>A column that had missing cells.</summary>
/// <param name="Name">Column.</param>
/// <param name="Method"><c>pmm</c>, <c>logreg</c> or <c>polyreg</c>, as mice names them.</param>
/// <param name="Missing">Cells filled in.</param>
public sealed record ImputedColumn(string Name, string Method, int Missing);
