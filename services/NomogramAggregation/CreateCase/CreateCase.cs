using System.Diagnostics;
using BoneMet.Contracts.Api;
using BoneMet.Contracts.Events;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.CreateCase;

/// <summary>Opens a case: checks what was given, stores it, and hands the factors on.</summary>
internal static class CreateCase
{
    private const int LongestSubject = 64;

    /// <param name="id">Id of the new case; the same at every attempt under one Idempotency-Key.</param>
    /// <exception cref="ProblemException">400 when something given cannot be taken, 403 for another's site.</exception>
    public static async Task<CaseDocument> Handle(NewCase given, string id, Caller caller, CaseStore cases, TimeProvider clock, CancellationToken cancellation)
    {
        var site = given.Site ?? caller.Site;
        if (site != caller.Site && !caller.IsOperator) { throw Problems.Forbidden("not-your-site", "Only an operator may open a case for another site."); }
        if (given.Site is not null && !SiteRegistry.IsName(given.Site)) { throw Problems.BadRequest("site", "site must be 1 to 40 of a-z, 0-9 and '-'."); }

        var subject = Subject(given.Subject);
        var cancerType = CancerType(given.CancerType);
        var histology = Histology(given.Histology);
        var expected = Expected(given.Expected);
        var factors = GivenFactors.Parse(given.Factors);

        var now = clock.GetUtcNow();
        var trace = Activity.Current?.TraceId.ToHexString();
        var document = new CaseDocument
        {
            Id = id,
            Site = site,
            Subject = subject,
            CancerType = cancerType,
            Histology = histology,
            CreatedAt = now,
            UpdatedAt = now,
            TraceId = trace,
            TraceParent = Activity.Current?.Id,
            Imaging = Start(Strand.Imaging, expected, now, cases.Timing),
            Pathology = Start(Strand.Pathology, expected, now, cases.Timing),
            Clinical = Start(Strand.Clinical, expected, now, cases.Timing),
        }.Tell(now, "case-created", null, $"Case opened: {cancerType}{(histology is null ? "" : $", {histology}")}.", trace);
        if (factors.Count > 0)
        {
            document = CaseChanges.FactorsGiven(document, factors, InputHash.Of(factors), Messages.FactorsSubmitted(document, factors, clock), now, cases.Timing, trace);
        }

        // Found under its reserved id: an earlier attempt of the same request got this far.
        return await cases.Add(document, cancellation) ?? (await cases.Find(id, cancellation))!;
    }

    public static string CancerType(string? given) =>
        string.IsNullOrWhiteSpace(given)
            ? throw Problems.BadRequest("cancer-type-missing", "cancerType is missing.")
            : FactorDictionary.Level("cancer-type", given) ?? throw Problems.BadRequest("cancer-type-unknown", $"'{Short(given)}' is not a cancer type that the platform knows; GET /api/v1/models lists those with models.");

    public static string? Histology(string? given) =>
        string.IsNullOrWhiteSpace(given)
            ? null
            : FactorDictionary.Level("histology", given) ?? throw Problems.BadRequest("histology-unknown", $"'{Short(given)}' is not a histology that the platform knows.");

    private static string Subject(string? given) =>
        given is { Length: > 0 and <= LongestSubject } && given.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? given
            : throw Problems.BadRequest("subject", $"subject must be a pseudonym of 1 to {LongestSubject} letters, digits, '-', '_' or '.'; never a name or a hospital number.");

    private static IReadOnlyList<string> Expected(IReadOnlyList<string>? given) =>
        given?.FirstOrDefault(strand => !Strand.All.Contains(strand)) is { } unknown
            ? throw Problems.BadRequest("expected", $"expected names '{Short(unknown)}': it may name imaging, pathology and clinical.")
            : given ?? [];

    private static StrandState Start(string strand, IReadOnlyList<string> expected, DateTimeOffset now, CaseTiming timing) =>
        expected.Contains(strand) ? new StrandState { Status = StrandStatus.Awaited, Since = now, Deadline = now + timing.AwaitDeadline } : StrandState.Absent;

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..57]}...";
}
