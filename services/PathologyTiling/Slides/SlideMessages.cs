using BoneMet.Contracts.Events;

namespace BoneMet.PathologyTiling.Slides;

/// <summary>The latest fact about a slide, as the event that tells it.</summary>
internal static class SlideMessages
{
    /// <summary>Null for a slide that was refused: no event speaks of it.</summary>
    public static object? Of(SlideDocument slide, TimeProvider clock) => slide switch
    {
        { State: SlideState.Received } => Received(slide, clock),
        { State: SlideState.Tiled, Facts: { } facts } => new SlideTiled
        {
            CaseId = slide.CaseId,
            InputHash = facts.InputHash,
            SlideId = slide.SlideId,
            TissueTiles = facts.TissueTiles,
            TileSize = facts.TileSize,
            MicronsPerPixel = facts.MicronsPerPixel,
            Notes = facts.Notes,
            At = clock.GetUtcNow(),
        },
        { State: SlideState.Failed, Code: { } code, Reason: { } reason } => new StrandFailed { CaseId = slide.CaseId, Strand = Strand.Pathology, Code = code, Reason = reason, At = clock.GetUtcNow() },
        _ => null,
    };

    public static SlideReceived Received(SlideDocument slide, TimeProvider clock) => new() { CaseId = slide.CaseId, SlideId = slide.SlideId, At = clock.GetUtcNow() };
}
