namespace BoneMet.Imaging.Radiomics;

/// <summary>One number that describes a region.</summary>
/// <param name="Tag">Family, feature and aggregation: <c>cm_contrast_3D_comb</c>, <c>stat_mean</c>.</param>
/// <param name="Code">Identifier of the feature in the IBSI reference manual.</param>
/// <param name="Name">The tag with a digest of the preprocessing, <c>cm_contrast_3D_comb@1f2e3d4c</c>: values prepared differently never share a name.</param>
/// <param name="Value">NaN where the feature is not defined for the region (a single voxel has no variance ratio, a flat region no correlation).</param>
public sealed record RadiomicFeature(string Tag, string Code, string Name, double Value);
