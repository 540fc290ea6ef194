namespace BoneMet.Imaging.Volumes;

/// <summary>Smallest box around a mask, in indices, both ends inclusive.</summary>
public readonly record struct MaskBounds(int FirstI, int FirstJ, int FirstK, int LastI, int LastJ, int LastK);
