namespace BoneMet.Dicom;

/// <summary>How a window maps values to grey (VOI LUT Function, PS3.3 C.11.2.1.3).</summary>
public enum VoiFunction
{
    Linear,
    LinearExact,
    Sigmoid,
}
