namespace BoneMet.DicomIngestion.Instances;

/// <param name="Outcomes">Outcome of each instance, in the order given.</param>
/// <param name="TotalInstances">Distinct instances that the case holds now.</param>
internal sealed record StoreResult(IReadOnlyList<StoreOutcome> Outcomes, int TotalInstances)
{
    public int Count(StoreOutcome outcome) => Outcomes.Count(item => item == outcome);
}
