using Yarp.ReverseProxy.Configuration;

namespace BoneMet.Gateway.Forwarding;

/// <summary>Which service answers which path. The most specific path wins; everything else of the API is the case's owner's.</summary>
internal static class ForwardingRoutes
{
    private static readonly (string Path, string Service, int Order)[] Table =
    [
        ("/api/v1/cases/{id}/images/{**rest}", "dicom-ingestion", 0),
        ("/api/v1/unassigned-studies/{**rest}", "dicom-ingestion", 0),
        ("/dicomweb/{**rest}", "dicom-ingestion", 0),
        ("/api/v1/cases/{id}/slides/{**rest}", "pathology-tiling", 0),
        ("/api/v1/cohorts/{**rest}", "cohort-analysis", 0),
        ("/api/v1/encoders/{**rest}", "feature-extraction", 0),
        ("/cds-services/{**rest}", "nomogram-aggregation", 0),
        ("/api/v1/{**rest}", "nomogram-aggregation", 10),
    ];

    public static IReadOnlyList<string> Services { get; } = [.. Table.Select(row => row.Service).Distinct()];

    public static IReadOnlyList<RouteConfig> Routes() =>
    [
        .. Table.Select(row => new RouteConfig
        {
            RouteId = row.Path,
            ClusterId = row.Service,
            Order = row.Order,
            Match = new RouteMatch { Path = row.Path },

            // Uploads are streams of any size: the service that takes them sets its own limit.
            MaxRequestBodySize = row.Service is "dicom-ingestion" or "pathology-tiling" or "cohort-analysis" ? -1 : 32 * 1024 * 1024,
        }),
    ];

    public static IReadOnlyList<ClusterConfig> Clusters(Func<string, string> baseUrl) =>
    [
        .. Services.Select(service => new ClusterConfig
        {
            ClusterId = service,
            Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = baseUrl(service) } },
            HttpRequest = new Yarp.ReverseProxy.Forwarder.ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromMinutes(30) },
        }),
    ];
}
