using BoneMet.Hosting;

namespace BoneMet.Gateway.Operations;

/// <summary>Who calls, and how the services are.</summary>
internal static class OperationsModule
{
    public static void AddOperations(this WebApplicationBuilder builder) => builder.Services.AddHttpClient<ServiceStates>(http => http.Timeout = ServiceStates.Patience);

    public static void MapOperations(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1").WithTags("Operations").RequireCaller();
        api.MapGet("/me", (HttpContext http) => new CallerView(http.Caller().Site, http.Caller().IsOperator)).WithSummary("Whose key this is").Produces<CallerView>();
        api.MapGet("/services", (ServiceStates states, CancellationToken cancellation) => states.Read(cancellation)).RequireOperator()
            .WithSummary("Readiness of every service behind the gateway, for operators").Produces<IReadOnlyList<ServiceState>>();
    }
}
