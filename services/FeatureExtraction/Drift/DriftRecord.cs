using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.Storage;

namespace BoneMet.FeatureExtraction.Drift;

/// <summary>The first and the latest cases that an encoder labelled for a site, and how far the latest have moved. No case can be told from it.</summary>
internal sealed record DriftRecord : StoredDocument
{
    /// <summary>Cases of the beginning that stand in for a training reference where the encoder brings none.</summary>
    public const int ReferenceCases = 100;

    /// <summary>Latest cases that are judged.</summary>
    public const int Window = 100;

    /// <summary>With fewer, nothing is said.</summary>
    public const int FewestCases = 30;

    /// <summary>Few bins, because a hundred cases fill no more.</summary>
    private const int Bins = 5;

    public required string EncoderId { get; init; }
    public required string EncoderVersion { get; init; }

    /// <summary>Pseudonym of the site.</summary>
    public required string Site { get; init; }

    /// <summary>Cases so far.</summary>
    public long Seen { get; init; }
    public IReadOnlyList<DriftCase> First { get; init; } = [];
    public IReadOnlyList<DriftCase> Latest { get; init; } = [];

    /// <summary>Population stability index of the labels; null while there are too few.</summary>
    public DriftReading? Stability { get; init; }

    /// <summary>Shift of the mean embedding; null while there are too few cases.</summary>
    public DriftReading? Shift { get; init; }

    /// <summary>The record with one more case, and the figures that follow.</summary>
    /// <param name="next">The case.</param>
    /// <param name="reference">Labels in training, if the encoder's card tells them.</param>
    /// <param name="guard">Embeddings in training, if the encoder's file holds them.</param>
    public DriftRecord With(DriftCase next, EncoderReference? reference, RangeGuard? guard)
    {
        var added = this with
        {
            First = First.Count < ReferenceCases ? [.. First, next] : First,
            Latest = [.. Latest.TakeLast(Window - 1), next],
            Seen = Seen + 1,
        };
        return added with { Stability = added.Labels(reference), Shift = added.Embeddings(guard) };
    }

    private DriftReading? Labels(EncoderReference? reference)
    {
        var recent = Recent(reference is not null);
        if (recent.Count < FewestCases) { return null; }
        var logits = recent.Select(known => known.Logit);
        if (reference is not null) { return new(PopulationStability.Index(reference.Shares, PopulationStability.Count(reference.Edges, logits)), DriftReading.Training); }
        double[] first = [.. First.Select(known => known.Logit)];
        var edges = PopulationStability.Edges(first, Bins);
        double[] shares = [.. PopulationStability.Count(edges, first).Select(count => count / (double)first.Length)];
        return new(PopulationStability.Index(shares, PopulationStability.Count(edges, logits)), DriftReading.FirstCases);
    }

    private DriftReading? Embeddings(RangeGuard? guard)
    {
        var recent = Recent(guard is not null);
        if (recent.Count < FewestCases) { return null; }
        float[][] embeddings = [.. recent.Select(known => known.Values())];
        return guard is not null
            ? new(EmbeddingShift.FromTraining(guard, embeddings), DriftReading.Training)
            : new(EmbeddingShift.FromCases([.. First.Select(known => known.Values())], embeddings), DriftReading.FirstCases);
    }

    /// <summary>The latest cases; where the first ones are the reference, only those after them.</summary>
    private List<DriftCase> Recent(bool hasTraining) => [.. Latest.TakeLast(hasTraining ? Window : (int)Math.Clamp(Seen - ReferenceCases, 0, Window))];
}
