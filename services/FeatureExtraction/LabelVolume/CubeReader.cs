using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.Imaging.Inputs;
using BoneMet.Imaging.Volumes;

namespace BoneMet.FeatureExtraction.LabelVolume;

/// <summary>Cuts a cube out of a volume as an encoder's contract wants it.</summary>
internal static class CubeReader
{
    /// <summary>The windows to use: the contract's own for its modalities, else quantiles of this volume.</summary>
    public static IReadOnlyList<IntensityWindow> Windows(VolumeInput input, EncoderInput contract) =>
        contract.Modalities.Contains(input.Modality) ? contract.Windows : CubeInput.RelativeWindows(input.Volume, contract.Windows.Count);

    /// <summary>Writes one item (channels × z × y × x) into <paramref name="target"/>.</summary>
    public static void Read(VolumeInput input, Point3 centre, EncoderInput contract, IReadOnlyList<IntensityWindow> windows, Span<float> target) =>
        CubeInput.Read(
            input.Volume, centre, contract.Size, contract.SpacingMm, windows, contract.Modalities.Contains(input.Modality) ? LesionCube.Air : (float)windows[0].Low, target);
}
