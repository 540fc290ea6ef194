namespace BoneMet.PathologyTiling.Slides;

internal enum SlideState
{
    /// <summary>Stored, but not usable as it came; the uploader was told why. No event was sent.</summary>
    Refused,

    /// <summary>Stored and announced.</summary>
    Received,

    /// <summary>Its tissue is found.</summary>
    Tiled,

    /// <summary>It can never be tiled.</summary>
    Failed,
}
