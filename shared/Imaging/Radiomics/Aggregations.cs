namespace BoneMet.Imaging.Radiomics;

/// <summary>How texture matrices of slices and directions are brought together; flags.</summary>
[Flags]
public enum Aggregations
{
    /// <summary>No texture.</summary>
    None = 0,

    /// <summary>By slice and direction, averaged (IBSI BTW3; size matrices 8QNN).</summary>
    Slices2DAveraged = 1,

    /// <summary>Directions merged in each slice, averaged over slices (SUJT).</summary>
    Slices2DMerged = 2,

    /// <summary>Slices merged by direction, averaged over directions (JJUI).</summary>
    Directions25DAveraged = 4,

    /// <summary>All slices and directions in one matrix (ZW7Z; size matrices 62GR).</summary>
    Directions25DMerged = 8,

    /// <summary>By direction in the volume, averaged (ITBB; size matrices KOBO).</summary>
    Volume3DAveraged = 16,

    /// <summary>All directions of the volume in one matrix (IAZD).</summary>
    Volume3DMerged = 32,

    /// <summary>Every one of them.</summary>
    All = 63,
}
