using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.ListFactors;

/// <summary>The factor dictionary, from which forms are made.</summary>
internal static class FactorEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/factors", () => FactorDictionary.All.Select(FactorView.Of)).WithSummary("The factor dictionary: names in three languages, units, ranges, levels").Produces<IReadOnlyList<FactorView>>();
}
