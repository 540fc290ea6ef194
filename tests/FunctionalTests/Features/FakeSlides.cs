using BoneMet.Contracts.V1;
using Grpc.Core;

namespace BoneMet.FunctionalTests.Features;

/// <summary>Slides named by the number of tiles they have, "tiles-25".</summary>
internal sealed class FakeSlides : Slides.SlidesBase
{
    private int _streams;

    public int Streams => _streams;

    public override async Task ReadTiles(ReadTilesRequest request, IServerStreamWriter<SlideTile> responseStream, ServerCallContext context)
    {
        Interlocked.Increment(ref _streams);
        if (!request.SlideId.StartsWith("tiles-", StringComparison.Ordinal)) { throw new RpcException(new Status(StatusCode.NotFound, "no such slide")); }
        var count = Math.Min(int.Parse(request.SlideId[6..]), request.Limit);
        for (var index = 0; index < count; index++)
        {
            var pixels = new byte[request.TileSize * request.TileSize * 3];
            new Random(index).NextBytes(pixels);
            await responseStream.WriteAsync(new SlideTile { Index = index, Size = request.TileSize, Count = count, Rgb = Google.Protobuf.ByteString.CopyFrom(pixels) }, context.CancellationToken);
        }
    }
}
