using System.Threading.RateLimiting;
using BoneMet.Hosting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace BoneMet.Gateway.Limits;

/// <summary>A token bucket for each site: one that runs wild does not slow the others.</summary>
internal static class CallerLimit
{
    public static void Configure(RateLimiterOptions limiter)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = async (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            await Problems.TooManyRequests("too-many-requests", "This site sends more requests than it may; wait a second and send it again.").ExecuteAsync(context.HttpContext);
        };
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(Partition);
    }

    private static RateLimitPartition<string> Partition(HttpContext http) =>
        http.CallerOrNull() is not { } caller
            ? RateLimitPartition.GetNoLimiter("anonymous")
            : RateLimitPartition.GetTokenBucketLimiter(caller.Site, _ =>
            {
                var limits = http.RequestServices.GetRequiredService<IOptions<LimitOptions>>().Value;
                return new TokenBucketRateLimiterOptions
                {
                    TokenLimit = limits.Burst,
                    TokensPerPeriod = Math.Max(1, limits.RequestsPerSecond / 10),
                    ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
                    QueueLimit = 0,
                };
            });
}
