namespace BoneMet.RiskModels;

/// <summary>What came of reading a document: a model, or every fault of it.</summary>
public sealed record ModelLoad(RiskModel? Model, IReadOnlyList<ModelFault> Faults)
{
    /// <summary>The model; throws with every fault named when there is none.</summary>
    public RiskModel Require() =>
        Model ?? throw new InvalidDataException("The model document has faults: " + string.Join("; ", Faults));
}
