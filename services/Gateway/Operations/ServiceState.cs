namespace BoneMet.Gateway.Operations;

/// <summary>What one process says of its readiness.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Status">healthy, degraded, unhealthy or unreachable.</param>
/// <param name="Checks">Each thing it depends on, with its state and, where there is something to say, one sentence.</param>
internal sealed record ServiceState(string Service, string Status, IReadOnlyList<ServiceCheck> Checks);
