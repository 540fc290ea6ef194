namespace BoneMet.Imaging.Volumes;

/// <summary>One closed planar polygon of a region: its corners in mm (LPS), as RTSTRUCT's Contour Data holds them. The last joins the first.</summary>
public sealed record Contour(IReadOnlyList<Point3> Points);
