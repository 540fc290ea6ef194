namespace BoneMet.Imaging.Slides;

/// <summary>One resolution of a slide's pyramid.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Downsample">Full-resolution pixels per pixel of this level; 1 for the first.</param>
public sealed record SlideLevel(int Width, int Height, double Downsample);
