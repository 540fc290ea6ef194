namespace BoneMet.RiskModels;

/// <summary>Words for terms and levels: the model's own, else the dictionary's, else the name.</summary>
internal static class TermLabels
{
    public static LocalText Of(ModelTerm term) => term.Label ?? FactorDictionary.Find(term.Factor)?.Label ?? term switch
    {
        LabelTerm { Factor: "imaging" } => new() { En = "Imaging label", Zh = "影像标签", Ru = "Метка по изображениям" },
        LabelTerm { Factor: "pathology" } => new() { En = "Pathology label", Zh = "病理标签", Ru = "Метка по патологии" },
        _ => new() { En = term.Factor },
    };

    public static LocalText Of(IReadOnlyList<CompiledTerm> terms)
    {
        if (terms.Count == 1) { return Of(terms[0].Term); }
        var words = terms.Select(t => Of(t.Term)).ToList();
        return new() { En = string.Join(" × ", words.Select(w => w.En)), Zh = string.Join(" × ", words.Select(w => w.In("zh"))), Ru = string.Join(" × ", words.Select(w => w.In("ru"))) };
    }

    public static LocalText Of(CompiledTerm term, int level)
    {
        var found = term.Levels[level];
        if (found.Label is { } own) { return own; }
        if (FactorDictionary.Find(term.Term.Factor) is { } definition)
        {
            foreach (var known in definition.Levels)
            {
                if (known.Name == found.Level) { return known.Label; }
            }
        }
        return new() { En = found.Level };
    }
}
