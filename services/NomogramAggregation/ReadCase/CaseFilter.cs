using BoneMet.Hosting;

namespace BoneMet.NomogramAggregation.ReadCase;

/// <summary>What GET /api/v1/cases is asked for, taken with <c>[AsParameters]</c>.</summary>
/// <param name="Site">One site's cases; only an operator sees others than its own.</param>
/// <param name="Subject">Exactly this pseudonym; an operator names the site too.</param>
/// <param name="CancerType">Cases of this cancer type.</param>
/// <param name="State">open (a strand is awaited or working), settled, or failed (a strand has failed).</param>
/// <param name="Order">newest (first; the default) or oldest.</param>
internal sealed record CaseFilter(string? Site = null, string? Subject = null, string? CancerType = null, string? State = null, string? Order = null)
{
    public bool NewestFirst => Order switch
    {
        null or "newest" => true,
        "oldest" => false,
        _ => throw Problems.BadRequest("order", "order must be newest or oldest."),
    };

    /// <summary>The filter on indexes, within what the caller may see.</summary>
    public IReadOnlyDictionary<string, string>? For(Caller caller)
    {
        var equal = new Dictionary<string, string>();
        var site = caller.IsOperator ? Site : caller.Site;
        if (site is not null) { equal["site"] = site; }
        if (Subject is { Length: > 0 })
        {
            equal["subject"] = $"{site ?? throw Problems.BadRequest("site-missing", "A subject is a pseudonym of one site: name the site as well.")}/{Subject}";
        }
        if (CancerType is { Length: > 0 }) { equal["cancer"] = CancerType; }
        switch (State)
        {
            case null or "": break;
            case "open": equal["settled"] = "false"; break;
            case "settled": equal["settled"] = "true"; break;
            case "failed": equal["failed"] = "true"; break;
            default: throw Problems.BadRequest("state", "state must be open, settled or failed.");
        }
        return equal.Count == 0 ? null : equal;
    }
}
