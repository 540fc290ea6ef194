using BoneMet.Contracts.Api;
using BoneMet.Hosting;
using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Models;

/// <summary>Says which versions of a model answer: champion, challenger, retired. Replaces what was said before.</summary>
internal static class SetStanding
{
    private const int LongestReason = 500;

    /// <exception cref="ProblemException">400 naming the item, 404 for an unknown model.</exception>
    public static async Task Handle(string id, NewStanding given, ModelShelf models, IDocumentCollection<ModelStanding> standings, TimeProvider clock, CancellationToken cancellation)
    {
        if (models.Content.Every.Find(id) is null) { throw Problems.NotFound("model-not-found", $"There is no model '{id}'; GET /api/v1/models lists them."); }
        var retired = (given.Retired ?? []).ToList();
        foreach (var (index, one) in retired.Index())
        {
            Known(id, one.Version, $"retired[{index}].version", models);
            if (string.IsNullOrWhiteSpace(one.Reason) || one.Reason.Length > LongestReason) { throw Problems.BadRequest("reason", $"retired[{index}].reason says in 1 to {LongestReason} characters why."); }
        }
        if (given.Champion is { } champion) { Known(id, champion, "champion", models); }
        var challenger = given.Challenger is { } text ? ModelReference.TryParse(text, out var named) ? named : new ModelReference(id, text) : null;
        if (challenger is not null)
        {
            Known(challenger.Id, challenger.Version, "challenger", models);
            if (challenger == new ModelReference(id, given.Champion ?? "")) { throw Problems.BadRequest("challenger", $"{challenger} is the champion; a challenger is another version or model."); }
        }
        if (retired.FirstOrDefault(one => one.Version == given.Champion || new ModelReference(id, one.Version!) == challenger) is { } both)
        {
            throw Problems.BadRequest("retired", $"Version {both.Version} cannot be retired and champion or challenger at once.");
        }

        ModelStanding? saved;
        do
        {
            var current = await standings.Find(id, cancellation) ?? new ModelStanding { Id = id };
            saved = await standings.TrySave(
                current with
                {
                    Champion = given.Champion,
                    Challenger = challenger,
                    Retired = [.. retired.Select(one => current.Retired.FirstOrDefault(before => before.Version == one.Version && before.Reason == one.Reason) ?? new RetiredVersion(one.Version!, clock.GetUtcNow(), one.Reason!))],
                },
                cancellation);
        }
        while (saved is null);
        await models.Read(cancellation);
    }

    private static void Known(string id, string? version, string item, ModelShelf models)
    {
        if (version is null || models.Content.Every.Find(id, version) is null) { throw Problems.BadRequest("model-version", $"{item}: there is no version '{version}' of '{id}'."); }
    }
}
