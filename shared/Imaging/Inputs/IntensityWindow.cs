namespace BoneMet.Imaging.Inputs;

/// <summary>A range of intensities that becomes one input channel of a volume encoder.</summary>
/// <param name="Low">Value that becomes 0 (CT: Hounsfield units).</param>
/// <param name="High">Value that becomes 1.</param>
public sealed record IntensityWindow(double Low, double High);
