namespace BoneMet.RiskModels;

/// <summary>What follows from given factors, and what contradicts it. A given value is never overwritten.</summary>
internal static class FactorDerivation
{
    private static readonly string[] Flags = ["brain-metastasis", "liver-metastasis", "lung-metastasis"];

    public static void Derive(Dictionary<string, CodedFactor> coded, List<FactorProblem> problems)
    {
        if (coded.GetValueOrDefault("n-stage")?.Level is { } n) { Set("node-positive", n == "N0" ? "no" : "yes", ["n-stage"]); }

        if (Flags.All(coded.ContainsKey))
        {
            Set("other-metastatic-sites", Flags.Count(flag => coded[flag].Level == "yes").ToString(), Flags);
        }
        else if (coded.GetValueOrDefault("other-metastatic-sites")?.Level is { } sites && Flags.Count(flag => coded.GetValueOrDefault(flag)?.Level == "yes") is var present && present > int.Parse(sites))
        {
            Contradiction("other-metastatic-sites", $"other-metastatic-sites is {sites}, but {present} of brain, liver and lung metastasis are 'yes'");
        }
        if (coded.GetValueOrDefault("other-metastatic-sites") is { Level: "0" } none)
        {
            foreach (var flag in Flags) { Set(flag, "no", [none.Name]); }
        }
        if (coded.GetValueOrDefault("m-stage") is { Level: "M0" } && coded.GetValueOrDefault("other-metastatic-sites") is { Level: not "0", DerivedFrom.Count: 0 } some)
        {
            Contradiction("m-stage", $"m-stage is M0, but other-metastatic-sites is {some.Level}");
        }
        if (coded.GetValueOrDefault("m-stage") is { Level: "M0" })
        {
            foreach (var flag in Flags)
            {
                if (coded.GetValueOrDefault(flag) is { Level: "yes" }) { Contradiction("m-stage", $"m-stage is M0, but {flag} is 'yes'"); }
            }
        }

        if (coded.GetValueOrDefault("gleason-score")?.Number is { } gleason && coded.GetValueOrDefault("grade-group")?.Level is { } group && !Fits(gleason, group))
        {
            Contradiction("grade-group", $"grade-group is {group}, but the Gleason score is {gleason}");
        }
        else if (coded.GetValueOrDefault("gleason-score")?.Number is { } sum && sum is <= 6 or >= 8)
        {
            Set("grade-group", sum <= 6 ? "1" : sum == 8 ? "4" : "5", ["gleason-score"]);
        }
        else if (coded.GetValueOrDefault("grade-group")?.Level is "1" or "2" or "3" or "4" && !coded.ContainsKey("gleason-score"))
        {
            var from = coded["grade-group"].Level!;
            coded["gleason-score"] = new() { Name = "gleason-score", Number = from == "1" ? 6 : from == "4" ? 8 : 7, DerivedFrom = ["grade-group"] };
        }

        var er = coded.GetValueOrDefault("er")?.Level;
        var pr = coded.GetValueOrDefault("pr")?.Level;
        if ((er == "positive" || pr == "positive" || (er is not null && pr is not null)) && coded.GetValueOrDefault("her2")?.Level is "negative" or "positive")
        {
            var hormone = er == "positive" || pr == "positive" ? "HR+" : "HR-";
            Set("breast-subtype", $"{hormone}/HER2{(coded["her2"].Level == "positive" ? "+" : "-")}", [.. new[] { "er", "her2", "pr" }.Where(coded.ContainsKey)]);
        }

        static bool Fits(double gleason, string group) => group switch
        {
            "1" => gleason <= 6,
            "2" or "3" => gleason == 7,
            "4" => gleason == 8,
            _ => gleason >= 9,
        };

        void Set(string name, string level, IReadOnlyList<string> from)
        {
            if (coded.TryGetValue(name, out var given))
            {
                if (given.Level != level)
                {
                    Contradiction(name, $"{name} is '{given.Level}', but {string.Join(", ", from.Select(f => $"{f} {FactorCoder.Show(coded[f])}"))} means '{level}'");
                }
                return;
            }
            coded[name] = new() { Name = name, Level = level, DerivedFrom = from };
        }

        void Contradiction(string name, string reason) => problems.Add(new(name, "contradictory", reason));
    }
}
