namespace BoneMet.Imaging.Slides;

/// <summary>A tile that holds enough tissue.</summary>
/// <param name="Index">Position in the order of the plan: row by row, from 0.</param>
/// <param name="Column">Column of the tile grid.</param>
/// <param name="Row">Row of the tile grid.</param>
/// <param name="X">Left edge in full-resolution pixels.</param>
/// <param name="Y">Top edge in full-resolution pixels.</param>
/// <param name="TissueFraction">Part of the tile that is tissue.</param>
public sealed record PlannedTile(int Index, int Column, int Row, long X, long Y, double TissueFraction);
