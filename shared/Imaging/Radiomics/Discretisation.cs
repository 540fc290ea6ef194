namespace BoneMet.Imaging.Radiomics;

/// <summary>How intensities become grey levels 1, 2, 3, …</summary>
public enum Discretisation
{
    /// <summary>The intensities are whole grey levels already.</summary>
    None,

    /// <summary>A fixed number of bins between the region's lowest and highest intensity.</summary>
    FixedBinNumber,

    /// <summary>Bins of a fixed width from <see cref="RadiomicOptions.BinOrigin"/>.</summary>
    FixedBinSize,
}
