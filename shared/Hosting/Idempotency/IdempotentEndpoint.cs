namespace BoneMet.Hosting;

internal sealed record IdempotentEndpoint;
