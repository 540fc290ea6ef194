using BoneMet.Contracts.V1;
using BoneMet.Hosting;
using BoneMet.Imaging.Slides;
using BoneMet.PathologyTiling.Slides;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace BoneMet.PathologyTiling.ReadTiles;

/// <summary>Slides over gRPC: what one is, and its tissue tiles as a stream in a fixed order. A few tiles are decoded ahead, so memory does not depend on the slide.</summary>
internal sealed class SlidesGrpc(SlideShelf shelf, SlideCatalogue catalogue, CaseGate gate, IOptions<TilingOptions> options) : Contracts.V1.Slides.SlidesBase
{
    /// <summary>A tile of this edge fits the platform's gRPC message limit.</summary>
    private const int MaxTileSize = 2048;

    public override async Task<SlideDescription> Describe(DescribeSlideRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        return await Answer(request.SlideId, context, async (document, opened) =>
        {
            var description = new SlideDescription
            {
                SlideId = request.SlideId,
                Width = opened.Slide.Width,
                Height = opened.Slide.Height,
                MicronsPerPixel = opened.MicronsPerPixel,
                Levels = opened.Slide.Levels.Count,
            };
            var facts = document.Facts;
            description.TissueFraction = facts?.TissueFraction ?? await Task.Run(() => opened.Tissue.TissueFraction);
            description.TissueTiles = facts?.TissueTiles ?? TilePlan.Make(opened.Slide, opened.MicronsPerPixel, opened.Tissue, options.Value.TileSize, Math.Max(options.Value.MicronsPerPixel, opened.MicronsPerPixel)).Tiles.Count;
            return description;
        });
    }

    public override async Task ReadTiles(ReadTilesRequest request, IServerStreamWriter<SlideTile> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (request.TileSize is < 32 or > MaxTileSize) { throw Invalid($"tile_size must be 32 to {MaxTileSize}."); }
        if (request.Limit < 0) { throw Invalid("limit must not be negative."); }
        await Answer(request.SlideId, context, async (_, opened) =>
        {
            var resolution = request.MicronsPerPixel;
            if (resolution != 0 && !(resolution >= opened.MicronsPerPixel / 4 && resolution <= 100)) { throw Invalid($"microns_per_pixel must be 0 or from {opened.MicronsPerPixel / 4:0.####} (a quarter of the slide's own) to 100."); }
            var plan = await Task.Run(() => TilePlan.Make(opened.Slide, opened.MicronsPerPixel, opened.Tissue, request.TileSize, resolution), context.CancellationToken);
            await Stream(plan, opened.Slide, plan.Sample(request.Limit), responseStream, context.CancellationToken);
            return true;
        });
    }

    private async Task Stream(TilePlan plan, Slide slide, IReadOnlyList<PlannedTile> tiles, IServerStreamWriter<SlideTile> responses, CancellationToken cancellation)
    {
        var ahead = new Queue<Task<byte[]>>();
        try
        {
            for (var (next, sent) = (0, 0); sent < tiles.Count; sent++)
            {
                for (; next < tiles.Count && ahead.Count < options.Value.TilesAhead; next++)
                {
                    var planned = tiles[next];
                    ahead.Enqueue(Task.Run(() => plan.Read(slide, planned), cancellation));
                }
                var rgb = await ahead.Peek();
                _ = ahead.Dequeue();
                var tile = tiles[sent];
                await responses.WriteAsync(
                    new SlideTile
                    {
                        Index = tile.Index, Column = tile.Column, Row = tile.Row, X = tile.X, Y = tile.Y, Size = plan.TileSize, TissueFraction = tile.TissueFraction,
                        Rgb = UnsafeByteOperations.UnsafeWrap(rgb), Count = tiles.Count,
                    },
                    cancellation);
            }
        }
        finally
        {
            // the reader is gone or a tile is damaged: what was begun is waited for, so that nothing reads the slide behind our back
            await Task.WhenAll(ahead).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task<T> Answer<T>(string slideId, ServerCallContext context, Func<SlideDocument, OpenedSlide, Task<T>> answer)
    {
        var cancellation = context.CancellationToken;
        var document = await Permitted(slideId, context.GetHttpContext().Caller(), cancellation) ?? throw new RpcException(new Status(StatusCode.NotFound, "There is no such slide."));
        try
        {
            var opened = await shelf.Open(slideId, document.StatedMicronsPerPixel, cancellation) ?? throw new RpcException(new Status(StatusCode.NotFound, "The bytes of this slide are not in the store."));
            return await answer(document, opened);
        }
        catch (SlideException failure)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"{failure.Code}: {failure.Message}"));
        }
    }

    /// <summary>An operator and our own services may read every slide, a site those of its own cases.</summary>
    private async Task<SlideDocument?> Permitted(string slideId, Caller caller, CancellationToken cancellation)
    {
        if (caller.IsOperator) { return await catalogue.OfSlide(slideId, cancellation); }
        foreach (var document in await catalogue.AllOfSlide(slideId, cancellation))
        {
            if (await gate.MayTouch(document.CaseId, caller, cancellation)) { return document; }
        }
        return null;
    }

    private static RpcException Invalid(string why) => new(new Status(StatusCode.InvalidArgument, why));
}
