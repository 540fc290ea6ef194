namespace BoneMet.Statistics.Tables;

/// <summary>A cell that could not be taken as it stands; it counts as missing.</summary>
/// <param name="Row">Data row, from 1 (the header is row 0).</param>
/// <param name="Column">Name of the column; empty when the whole row is meant.</param>
/// <param name="Text">What the cell holds.</param>
/// <param name="Reason">Why it was not taken, in words.</param>
public sealed record CellRejection(int Row, string Column, string Text, string Reason);
