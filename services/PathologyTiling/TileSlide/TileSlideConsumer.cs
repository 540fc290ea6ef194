using BoneMet.Contracts.Events;
using BoneMet.Hosting;
using BoneMet.PathologyTiling.Slides;
using MassTransit;
using Microsoft.Extensions.Options;

namespace BoneMet.PathologyTiling.TileSlide;

/// <summary>Tiles a received slide; the fact is published each time, so that a crash between save and publish heals itself.</summary>
internal sealed partial class TileSlideConsumer(SlideShelf shelf, SlideCatalogue catalogue, IOptions<TilingOptions> options, TimeProvider clock, ILogger<TileSlideConsumer> logger) : IConsumer<SlideReceived>
{
    public async Task Consume(ConsumeContext<SlideReceived> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (caseId, slideId) = (context.Message.CaseId, context.Message.SlideId);
        var slide = await TileSlide.Handle(caseId, slideId, shelf, catalogue, options.Value, context.CancellationToken)
            ?? throw new PermanentFaultException("slide-unknown", $"Case {caseId} has no slide {slideId}.");
        if (slide.State == SlideState.Failed)
        {
            LogFailed(caseId, slideId, slide.Code);
            // the strand has failed only when no other slide of the case carries it
            if ((await catalogue.OfCase(caseId, context.CancellationToken)).Any(other => other.State == SlideState.Tiled)) { return; }
        }
        else if (slide.Facts is { } facts) { LogTiled(caseId, slideId, facts.TissueTiles); }
        if (SlideMessages.Of(slide, clock) is { } fact) { await context.Publish(fact, context.CancellationToken); }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Slide {SlideId} of case {CaseId} holds {TissueTiles} tissue tiles")]
    private partial void LogTiled(string caseId, string slideId, int tissueTiles);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Slide {SlideId} of case {CaseId} cannot be tiled: {Code}")]
    private partial void LogFailed(string caseId, string slideId, string? code);
}
