using BoneMet.Imaging.Volumes;

namespace BoneMet.FeatureExtraction.LabelVolume;

/// <summary>A volume with what is known about where its lesion is.</summary>
/// <param name="Volume">Intensities.</param>
/// <param name="Mask">The lesion, or null.</param>
/// <param name="Seed">A point in the lesion, mm in LPS; used when there is no mask.</param>
/// <param name="Modality">DICOM modality: CT, MR, PT.</param>
internal sealed record VolumeInput(Volume Volume, Mask? Mask, Point3? Seed, string Modality);
