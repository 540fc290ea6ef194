using System.Threading.Channels;
using BoneMet.Contracts.V1;
using BoneMet.FeatureExtraction.Inference;

namespace BoneMet.FeatureExtraction.LabelSlide;

/// <summary>A stream of tiles → their embeddings. Tiles are read while the batch before is encoded; memory holds a few batches, whatever the slide.</summary>
internal static class TileBag
{
    /// <summary>More tiles than any slide yields at 20×.</summary>
    public const int MostTiles = 400_000;
    private const int BatchesInFlight = 2;

    /// <param name="encoder">The encoder and its queue.</param>
    /// <param name="tiles">The tiles.</param>
    /// <param name="interactive">Whether somebody waits for the answer.</param>
    /// <param name="cancellation">Stops reading and encoding.</param>
    /// <param name="places">Filled with each tile's column and row, when given.</param>
    /// <returns>The embeddings, tile after tile in the order of the stream, and the number of tiles.</returns>
    /// <exception cref="InvalidInputException">There is no tile, or a tile is not what the encoder reads.</exception>
    public static async Task<(float[] Embeddings, int Tiles)> Encode(EncoderLease encoder, IAsyncEnumerable<SlideTile> tiles, bool interactive, CancellationToken cancellation, List<(int Column, int Row)>? places = null)
    {
        var session = encoder.Session;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var batches = Channel.CreateBounded<(byte[] Pixels, int Count)>(new BoundedChannelOptions(BatchesInFlight) { SingleReader = true, SingleWriter = true });
        var reading = Read(session, tiles, batches.Writer, places, stop.Token);
        var size = session.Card.Output.Embedding;
        var length = session.Card.Input.ItemLength;
        var embeddings = new List<float[]>();
        var count = 0;
        try
        {
            await foreach (var (pixels, items) in batches.Reader.ReadAllAsync(cancellation))
            {
                var encoded = new float[items * size];
                await encoder.Queue.Encode<byte>(pixels.AsMemory(0, items * length), items, encoded, interactive, cancellation);
                embeddings.Add(encoded);
                count += items;
            }
        }
        finally
        {
            await stop.CancelAsync();
        }
        await reading;
        if (count == 0) { throw new InvalidInputException("slide-without-tissue", "The slide has no tissue tile, so no label can be computed."); }
        var all = new float[count * size];
        var at = 0;
        foreach (var encoded in embeddings)
        {
            encoded.CopyTo(all, at);
            at += encoded.Length;
        }
        return (all, count);
    }

    private static async Task Read(EncoderSession session, IAsyncEnumerable<SlideTile> tiles, ChannelWriter<(byte[] Pixels, int Count)> batches, List<(int Column, int Row)>? places, CancellationToken cancellation)
    {
        var (edge, length) = (session.Card.Input.Size, session.Card.Input.ItemLength);
        try
        {
            byte[]? batch = null;
            var (filled, total) = (0, 0);
            await foreach (var tile in tiles.WithCancellation(cancellation))
            {
                if (tile.Size != edge || tile.Rgb.Length != length)
                {
                    throw new InvalidInputException("wrong-tile-size", $"Tile {tile.Index} has {tile.Size} pixels and {tile.Rgb.Length} bytes; the encoder {session.Card.Id} reads {edge} pixels and {length} bytes.");
                }
                if (++total > MostTiles) { throw new InvalidInputException("too-many-tiles", $"There are more than {MostTiles} tiles."); }
                places?.Add((tile.Column, tile.Row));
                batch ??= new byte[session.LargestBatch * length];
                tile.Rgb.Span.CopyTo(batch.AsSpan(filled * length));
                if (++filled < session.LargestBatch) { continue; }
                await batches.WriteAsync((batch, filled), cancellation);
                (batch, filled) = (null, 0);
            }
            if (batch is not null) { await batches.WriteAsync((batch, filled), cancellation); }
            batches.Complete();
        }
        catch (Exception exception)
        {
            batches.Complete(exception);
        }
    }
}
