using System.Runtime.CompilerServices;
using BoneMet.Contracts.V1;
using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using Grpc.Core;

namespace BoneMet.FeatureExtraction.LabelSlide;

/// <summary>Tissue tiles of a stored slide, streamed from PathologyTiling.</summary>
internal sealed class SlideTiles(Slides.SlidesClient slides)
{
    /// <exception cref="InvalidInputException">The slide is gone or cannot be read.</exception>
    public async IAsyncEnumerable<SlideTile> Read(string slideId, EncoderInput contract, bool scaled, int limit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var call = slides.ReadTiles(
            new ReadTilesRequest { SlideId = slideId, TileSize = contract.Size, MicronsPerPixel = scaled ? contract.MicronsPerPixel : 0, Limit = limit }, cancellationToken: cancellation);
        while (await Next(call.ResponseStream, cancellation)) { yield return call.ResponseStream.Current; }
    }

    private static async Task<bool> Next(IAsyncStreamReader<SlideTile> stream, CancellationToken cancellation)
    {
        try
        {
            return await stream.MoveNext(cancellation);
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.NotFound)
        {
            throw new InvalidInputException("slide-missing", "The slide is not in the store any more.");
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange)
        {
            throw new InvalidInputException("slide-unreadable", $"The slide's tiles cannot be read: {exception.Status.Detail}");
        }
    }
}
