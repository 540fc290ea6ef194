using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BoneMet.Hosting;

/// <summary>
/// The whole topology in the form of RabbitMQ's definitions (deploy/rabbitmq/definitions.json): vhost, users without passwords, rights, policies,
/// exchanges, quorum queues, bindings. Made from <see cref="Topology"/>, so that what an operator applies is what the services declare.
/// </summary>
public static class BrokerDefinitions
{
    public const string VirtualHost = "bonemet";
    public const string ServiceUser = "bonemet";
    public const string MonitorUser = "bonemet-monitor";
    private const long LargestQueue = 4L << 30;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json() => Create().ToJsonString(Indented) + "\n";

    private static JsonObject Create()
    {
        var types = Topology.Queues.Values.SelectMany(names => names).Distinct().Order(StringComparer.Ordinal).Select(TopologyDeployment.ExchangeOf).ToList();
        var services = string.Join('|', Topology.Queues.Keys.Select(ServiceOf).Distinct().Order(StringComparer.Ordinal));

        // What the platform's own names look like: message types, queues with their _error queues, dead letters; MassTransit's faults and the queue that each process has.
        var ours = $"^(BoneMet\\..*|MassTransit:.*|{BusModule.DeadLetters}|({services})-.*|[A-Za-z0-9_-]+_bus_[a-z0-9]+)$";
        return new JsonObject
        {
            ["vhosts"] = new JsonArray(new JsonObject { ["name"] = VirtualHost }),
            ["users"] = new JsonArray(User(ServiceUser), User(MonitorUser, "monitoring")),
            ["permissions"] = new JsonArray(Rights(ServiceUser, ours, ours, ours), Rights(MonitorUser, "^$", "^$", "^$")),
            ["policies"] = new JsonArray(new JsonObject
            {
                // A queue that nobody empties refuses further messages, which then wait in the outboxes of their documents, before it fills the broker's disk.
                ["vhost"] = VirtualHost,
                ["name"] = "bonemet-bounds",
                ["pattern"] = $"^({services})-",
                ["apply-to"] = "queues",
                ["priority"] = 0,
                ["definition"] = new JsonObject { ["max-length-bytes"] = LargestQueue, ["overflow"] = "reject-publish" },
            }),
            ["exchanges"] = new JsonArray([.. types.Concat(Topology.Queues.Keys).Append(BusModule.DeadLetters).Select(Exchange)]),
            ["queues"] = new JsonArray([.. Topology.Queues.Keys.Select(queue => Queue(queue, TopologyDeployment.EndpointArguments(new BusOptions()))), Queue(BusModule.DeadLetters, TopologyDeployment.QuorumArguments())]),
            ["bindings"] = new JsonArray(
            [
                .. Topology.Queues.SelectMany(pair => pair.Value.Select(type => Binding(TopologyDeployment.ExchangeOf(type), pair.Key, "exchange"))),
                .. Topology.Queues.Keys.Append(BusModule.DeadLetters).Select(queue => Binding(queue, queue, "queue")),
            ]),
        };
    }

    private static string ServiceOf(string queue) => string.Join('-', queue.Split('-').Take(2));

    private static JsonObject User(string name, params string[] tags) => new() { ["name"] = name, ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]) };

    private static JsonObject Rights(string user, string configure, string write, string read) =>
        new() { ["user"] = user, ["vhost"] = VirtualHost, ["configure"] = configure, ["write"] = write, ["read"] = read };

    private static JsonObject Exchange(string name) =>
        new() { ["name"] = name, ["vhost"] = VirtualHost, ["type"] = "fanout", ["durable"] = true, ["auto_delete"] = false, ["internal"] = false, ["arguments"] = new JsonObject() };

    private static JsonObject Queue(string name, Dictionary<string, object?> arguments) =>
        new() { ["name"] = name, ["vhost"] = VirtualHost, ["durable"] = true, ["auto_delete"] = false, ["arguments"] = JsonSerializer.SerializeToNode(arguments) };

    private static JsonObject Binding(string source, string destination, string kind) =>
        new() { ["source"] = source, ["vhost"] = VirtualHost, ["destination"] = destination, ["destination_type"] = kind, ["routing_key"] = "", ["arguments"] = new JsonObject() };
}
