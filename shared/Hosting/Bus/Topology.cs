using System.Text.Json;

namespace BoneMet.Hosting;

/// <summary>
/// Which queue takes which messages, for the whole platform (topology.json beside this file). Every process declares all of it before its
/// first publish: a broker confirms, and drops, what no queue is bound for, so a service that has never run would miss messages. A
/// functional test holds the file against the consumers that exist and, with BONEMET_WRITE_TOPOLOGY=1, writes it.
/// </summary>
internal static class Topology
{
    /// <summary>Full names of message types by queue.</summary>
    public static IReadOnlyDictionary<string, string[]> Queues { get; } = Read();

    private static readonly HashSet<string> Heard = [.. Queues.Values.SelectMany(types => types)];

    /// <summary>True when some queue must take messages of this type.</summary>
    public static bool IsHeard(Type message) => Heard.Contains(message.FullName ?? "");

    private static Dictionary<string, string[]> Read()
    {
        using var stream = typeof(Topology).Assembly.GetManifestResourceStream("BoneMet.Hosting.topology.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(stream)!;
    }
}
