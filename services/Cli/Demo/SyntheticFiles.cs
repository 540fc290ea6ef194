namespace BoneMet.Cli.Demo;

/// <param name="ImagesFolder">Folder of the DICOM files.</param>
/// <param name="Images">The DICOM files: the slices, then the contours.</param>
/// <param name="Slide">The slide.</param>
internal sealed record SyntheticFiles(string ImagesFolder, IReadOnlyList<string> Images, string Slide);
