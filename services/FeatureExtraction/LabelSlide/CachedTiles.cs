using System.Security.Cryptography;
using System.Text;
using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.Storage;

namespace BoneMet.FeatureExtraction.LabelSlide;

/// <summary>Where the embeddings of a slide's tiles lie. The id is a digest of slide, tile grid and encoder graph: no case stands in it, and two cases with one slide share it.</summary>
internal sealed record CachedTiles : StoredDocument
{
    /// <summary>Raised when the same slide, grid and graph would give other embeddings.</summary>
    private const string Procedure = "1";

    /// <summary>Blob that holds them.</summary>
    public required string Blob { get; init; }

    /// <summary>Size of the blob.</summary>
    public required long Bytes { get; init; }

    /// <summary>What computed them.</summary>
    public required string Provider { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a label was last made of them, to the hour.</summary>
    public required DateTimeOffset UsedAt { get; init; }

    /// <param name="slide">The slide; its input hash covers its bytes, its resolution and how tissue is found.</param>
    /// <param name="session">The encoder.</param>
    /// <param name="scaled">Tiles are read at the encoder's resolution; otherwise at the slide's own.</param>
    /// <param name="limit">Tiles that are read at most.</param>
    public static string Key(SlideTiled slide, EncoderSession session, bool scaled, int limit)
    {
        var contract = session.Card.Input;
        var text = FormattableString.Invariant($"{slide.SlideId}|{slide.InputHash}|{contract.Size}|{(scaled ? contract.MicronsPerPixel : 0):R}|{limit}|{session.GraphSha256}|{Procedure}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
