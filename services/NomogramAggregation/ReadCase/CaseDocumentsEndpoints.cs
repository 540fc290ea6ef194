namespace BoneMet.NomogramAggregation.ReadCase;

internal static class CaseDocumentsEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => ArgumentNullException.ThrowIfNull(routes);
}
