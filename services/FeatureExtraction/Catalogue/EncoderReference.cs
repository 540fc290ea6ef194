namespace BoneMet.FeatureExtraction.Catalogue;

/// <summary>How the labels of an encoder were distributed over the patients that it was validated on: what drift is measured against.</summary>
internal sealed record EncoderReference
{
    /// <summary>Edges between bins, on the logit scale, ascending.</summary>
    public required IReadOnlyList<double> Edges { get; init; }

    /// <summary>Share of the patients in each bin: one more than edges.</summary>
    public required IReadOnlyList<double> Shares { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Edges.Count is < 1 or > 99 || !Edges.Zip(Edges.Skip(1), (low, high) => high > low).All(ascends => ascends)) { yield return "reference.edges must be 1 to 99 ascending numbers"; }
        if (Shares.Count != Edges.Count + 1 || Shares.Any(share => !(share >= 0)) || !(Math.Abs(Shares.Sum() - 1) < 1e-6)) { yield return "reference.shares must be one more than the edges and add up to 1"; }
    }
}
