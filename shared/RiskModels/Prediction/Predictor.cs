namespace BoneMet.RiskModels;

/// <summary>Computes predictions. Pure: same model, factors and labels, same prediction to the last bit.</summary>
public static class Predictor
{
    /// <summary>Applies a model to one patient.</summary>
    /// <param name="model">The compiled model.</param>
    /// <param name="coded">Coded factors (<see cref="FactorDictionary.Code"/>).</param>
    /// <param name="labels">Labels of image encoders; those that the model does not name, or that are not trained, are shown and do not enter.</param>
    /// <param name="alternatives">What <see cref="ModelGroup.Choose"/> found beside the model.</param>
    public static Prediction Predict(CompiledModel model, IReadOnlyList<CodedFactor> coded, IReadOnlyList<LabelInput>? labels = null, IReadOnlyList<PredictionAlternative>? alternatives = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(coded);
        var source = model.Model;
        var factors = new FactorSet(coded);
        var draft = new PredictionDraft(model, factors, labels ?? []);
        switch (source.Family)
        {
            case ModelFamily.Rate: draft.Rate(); break;
            case ModelFamily.Rule: draft.Rule(); break;
            default: draft.Linear(); break;
        }

        var main = draft.Fused ?? draft.Clinical;
        return new()
        {
            ModelId = source.Id,
            ModelVersion = source.Version,
            ModelSha256 = model.Sha256,
            ModelTitle = source.Title,
            Family = source.Family.ToString().ToLowerInvariant(),
            Outcome = source.Outcome,
            ModelComplete = source.Evidence.Complete,
            Probability = main.Probability,
            LinearPredictor = main.LinearPredictor,
            TotalPoints = main.TotalPoints,
            OddsRatio = draft.OddsRatio,
            Interval = main.Interval,
            BaseRate = source.BaseRate is { } rate ? new() { Label = rate.Label, Rate = rate.Rate, Events = rate.Events, Patients = rate.Patients } : null,
            ClinicalOnly = draft.Clinical,
            Fused = draft.Fused,
            Horizons = draft.Horizons,
            Band = draft.Band,
            CriteriaMet = draft.CriteriaMet,
            Points = draft.Points,
            Inputs = Inputs(model, coded),
            Missing = draft.Missing,
            OutOfRange = draft.OutOfRange,
            Labels = draft.Labels,
            Alternatives = alternatives ?? [],
            Text = main.Probability is { } p ? PredictionText.Sentence(p, source.Outcome) : null,
            IntendedUse = source.IntendedUse,
            NotFor = source.NotFor,
            Warnings = draft.Warnings,
            Refusals = draft.Refusals,
            Citation = source.Evidence.Citation,
            Doi = source.Evidence.Doi,
        };
    }

    private static PredictionInput[] Inputs(CompiledModel model, IReadOnlyList<CodedFactor> coded)
    {
        var inputs = new PredictionInput[coded.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            var factor = coded[i];
            inputs[i] = new()
            {
                Name = factor.Name,
                Number = factor.Number,
                Level = factor.Level,
                Unit = factor.Unit,
                ConvertedFrom = factor.ConvertedFrom,
                DerivedFrom = factor.DerivedFrom,
                Implausible = factor.Implausible,
                Used = model.Takes(factor.Name),
            };
        }
        Array.Sort(inputs, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return inputs;
    }
}
