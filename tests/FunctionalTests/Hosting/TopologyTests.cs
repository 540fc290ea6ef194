using System.Reflection;
using System.Text.Json;
using BoneMet.Hosting;
using MassTransit;
using Xunit;

namespace BoneMet.FunctionalTests.Hosting;

public sealed class TopologyTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>A consumer that is not in the file would miss what is published before its service has run for the first time.</summary>
    [Fact]
    public void TopologyFile_EveryConsumer_IsInIt()
    {
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var consumers = Directory.GetFiles(AppContext.BaseDirectory, "BoneMet.*.dll")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => Directory.Exists(Path.Combine(TestData.Root, "services", name["BoneMet.".Length..])))
            .SelectMany(name => Assembly.Load(name).GetTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IConsumer).IsAssignableFrom(type));
        foreach (var consumer in consumers)
        {
            var messages = consumer.GetInterfaces().Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConsumer<>)).Select(type => type.GetGenericArguments()[0].FullName!);
            var queue = QueueOf(consumer);
            if (!found.TryGetValue(queue, out var types)) { found[queue] = types = new SortedSet<string>(StringComparer.Ordinal); }
            types.UnionWith(messages);
        }
        Assert.NotEmpty(found);
        var expected = JsonSerializer.Serialize(found, Indented) + "\n";
        var path = Path.Combine(TestData.Root, "shared", "Hosting", "Bus", "topology.json");
        if (Environment.GetEnvironmentVariable("BONEMET_WRITE_TOPOLOGY") == "1") { File.WriteAllText(path, expected); }
        Assert.True(expected == File.ReadAllText(path), $"shared/Hosting/Bus/topology.json must be what the consumers say (BONEMET_WRITE_TOPOLOGY=1 writes it):\n{expected}");
    }

    private static string QueueOf(Type consumer) =>
        (string)typeof(IEndpointNameFormatter).GetMethod(nameof(IEndpointNameFormatter.Consumer))!.MakeGenericMethod(consumer).Invoke(new ServiceEndpointNameFormatter(), null)!;
}
