using BoneMet.Contracts.Events;
using BoneMet.PathologyTiling.Slides;
using MassTransit;

namespace BoneMet.PathologyTiling.ResumeCase;

/// <summary>Says again what is known of a case's slides: received, tiled; failed only when nothing better is.</summary>
internal sealed class CaseResumedConsumer(SlideCatalogue catalogue, TimeProvider clock) : IConsumer<CaseResumed>
{
    public async Task Consume(ConsumeContext<CaseResumed> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var slides = await catalogue.OfCase(context.Message.CaseId, context.CancellationToken);
        var alive = slides.Where(slide => slide.State is SlideState.Received or SlideState.Tiled).ToList();
        var telling = alive.Count > 0 ? alive : slides.Where(slide => slide.State == SlideState.Failed).TakeLast(1);
        foreach (var slide in telling)
        {
            if (SlideMessages.Of(slide, clock) is { } fact) { await context.Publish(fact, context.CancellationToken); }
        }
    }
}
