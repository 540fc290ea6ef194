using System.Text.Json;
using BoneMet.Contracts.Api;
using BoneMet.Contracts.Events;
using BoneMet.Hosting;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>Text becomes a type at the door: factors as they came over HTTP, checked against the factor dictionary, all faults at once.</summary>
internal static class GivenFactors
{
    private const int Most = 200;

    /// <summary>The factors as given (values untouched, names checked).</summary>
    /// <exception cref="ProblemException">400, listing every factor that is not taken and why.</exception>
    public static IReadOnlyList<FactorValue> Parse(IReadOnlyList<NewFactor>? given) => Read(given, null).Values;

    /// <summary>The factors in the dictionary's units and levels; names that the model declares itself are taken, too.</summary>
    /// <exception cref="ProblemException">400, listing every factor that is not taken and why.</exception>
    public static IReadOnlyList<CodedFactor> Code(IReadOnlyList<NewFactor>? given, CompiledModel? model) => Read(given, model).Coded;

    private static (IReadOnlyList<FactorValue> Values, IReadOnlyList<CodedFactor> Coded) Read(IReadOnlyList<NewFactor>? given, CompiledModel? model)
    {
        if (given is null || given.Count == 0) { return ([], []); }
        if (given.Count > Most) { throw Problems.BadRequest("too-many-factors", $"{given.Count} factors; at most {Most} are taken."); }

        var problems = new List<FactorProblem>();
        var values = new List<FactorValue>(given.Count);
        foreach (var (index, factor) in given.Index())
        {
            if (Value(index, factor, problems) is { } value) { values.Add(value); }
        }
        var coding = FactorDictionary.Code(values.Select(Submitted), model);
        problems.AddRange(coding.Problems);
        return problems.Count == 0 ? (values, coding.Coded) : throw Refusal(problems);
    }

    private static SubmittedFactor Submitted(FactorValue factor) => new(factor.Name, factor.Number, factor.Level, factor.Unit);

    public static ProblemException Refusal(IReadOnlyList<FactorProblem> problems) =>
        Problems.BadRequest("factors-not-taken", string.Join(" ", problems.Select(problem => $"{problem.Name}: {problem.Reason}")))
            .With("errors", problems.Select(problem => new { name = problem.Name, code = problem.Code, detail = problem.Reason, words = Sentences.Find(problem.Reason) }));

    private static FactorValue? Value(int index, NewFactor? factor, List<FactorProblem> problems)
    {
        if (factor is null || string.IsNullOrWhiteSpace(factor.Name))
        {
            problems.Add(new FactorProblem($"factors[{index}]", "name-missing", "it has no name."));
            return null;
        }
        switch (factor.Value.ValueKind)
        {
            case JsonValueKind.Number: return new FactorValue { Name = factor.Name, Number = factor.Value.GetDouble(), Unit = factor.Unit };
            case JsonValueKind.String: return new FactorValue { Name = factor.Name, Level = factor.Value.GetString(), Unit = factor.Unit };
            case JsonValueKind.True: return new FactorValue { Name = factor.Name, Level = "yes", Unit = factor.Unit };
            case JsonValueKind.False: return new FactorValue { Name = factor.Name, Level = "no", Unit = factor.Unit };
            default:
                problems.Add(new FactorProblem(factor.Name, "value-missing", "value must be a number or a text."));
                return null;
        }
    }
}
