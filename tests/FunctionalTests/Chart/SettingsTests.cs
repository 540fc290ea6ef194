using System.ComponentModel.DataAnnotations;
using System.Reflection;
using BoneMet.Cli.Platform;
using BoneMet.Hosting;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace BoneMet.FunctionalTests.Chart;

/// <summary>Every setting that the chart writes is one that a service reads, and its value one that the service takes.</summary>
public sealed class SettingsTests
{
    private static readonly IReadOnlyDictionary<string, Type> Options = FindOptions();

    [Theory]
    [InlineData("allinone")]
    [InlineData("site")]
    [InlineData("centre")]
    [InlineData("gpu")]
    public async Task Settings_OfEachProfile_AreReadAndTaken(string profile)
    {
        string[] files = profile == "gpu" ? ["-f", ChartTools.Profile("centre"), "-f", ChartTools.Profile("gpu")] : ["-f", ChartTools.Profile(profile)];
        var chart = await RenderedChart.Of([.. files, "--set", "telemetry.otlpEndpoint=http://collector:4317,dimse.tls.secret=tls,dimse.tls.clientAuthorities=true,dimse.peers={PACS@10.0.0.9:104},dimse.allowedNetworks={10.0.0.0/8},dimse.allowedAeTitles={CT1}"]);
        foreach (var deployment in chart.Of<V1Deployment>())
        {
            var container = deployment.Spec.Template.Spec.Containers[0];
            var map = chart.Of<V1ConfigMap>().Single(map => map.Metadata.Name == container.EnvFrom.Single().ConfigMapRef.Name);
            var settings = map.Data.ToDictionary(pair => pair.Key.Replace("__", ":", StringComparison.Ordinal), pair => (string?)pair.Value);
            foreach (var secret in container.Env.Where(variable => variable.ValueFrom?.SecretKeyRef is not null))
            {
                settings[secret.Name.Replace("__", ":", StringComparison.Ordinal)] = secret.Name.StartsWith("Identity__OperatorKey", StringComparison.Ordinal) ? $"bm_operator_{new string('a', 40)}" : new string('s', 40);
            }
            Assert.All(settings.Keys, key => Assert.True(IsRead(key), $"{deployment.Metadata.Name}: nothing reads {key}"));

            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
            foreach (var (section, type) in Options.Where(option => settings.Keys.Any(key => key.StartsWith($"{option.Key}:", StringComparison.Ordinal))))
            {
                var bound = configuration.GetSection(section).Get(type, binder => binder.ErrorOnUnknownConfiguration = false)!;
                Validator.ValidateObject(bound, new ValidationContext(bound), validateAllProperties: true);
            }
        }
    }

    private static bool IsRead(string key)
    {
        if (key is "ConnectionStrings:rabbitmq" or "ConnectionStrings:mongodb" or "OTEL_EXPORTER_OTLP_ENDPOINT") { return true; }
        if (key.Split(':') is ["Services", var peer, "Http" or "Grpc"]) { return ClusterLayout.Services.Any(service => service.Service == peer); }
        return Options.Any(option => key.StartsWith($"{option.Key}:", StringComparison.Ordinal) && key[(option.Key.Length + 1)..].Split(':') is var path
            && option.Value.GetProperty(path[0]) is { } property && (path.Length == 1 || (path.Length == 2 && property.PropertyType != typeof(string) && int.TryParse(path[1], out _))));
    }

    /// <summary>Every options class of the platform by its section.</summary>
    private static Dictionary<string, Type> FindOptions()
    {
        var found = new Dictionary<string, Type>();
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "BoneMet.*.dll"))
        {
            foreach (var type in Assembly.Load(Path.GetFileNameWithoutExtension(file)).GetTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal)))
            {
                if (type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() is string section) { found[section] = type; }
            }
        }
        Assert.Contains(typeof(BusOptions), found.Values);
        return found;
    }
}
