using System.Text.RegularExpressions;
using BoneMet.Cli.Images;
using BoneMet.Cli.Platform;
using Xunit;

namespace BoneMet.FunctionalTests.Deploy;

/// <summary>deploy/compose.yaml, read as Compose reads it.</summary>
public sealed partial class ComposeTests
{
    private static readonly Dictionary<object, object> Compose = Yaml.Load("deploy", "compose.yaml");

    private static IEnumerable<(string Name, Dictionary<object, object> Service)> Services =>
        Compose.Map("services").Select(pair => ((string)pair.Key, (Dictionary<object, object>)pair.Value));

    [Fact]
    public void Services_OfThePlatform_AreAllThereWithOurImages()
    {
        var names = Services.Select(service => service.Name).ToList();
        Assert.All(ClusterLayout.Services, service => Assert.Contains(service.Service, names));
        Assert.Superset(new HashSet<string>(["rabbitmq", "mongodb", "collector", "jaeger", "prometheus", "grafana", "all-in-one"]), names.ToHashSet());
        foreach (var (name, service) in Services.Where(service => service.Service.Text("image").StartsWith("localhost/bonemet/", StringComparison.Ordinal)))
        {
            Assert.Contains(ServiceImage.All, image => service.Text("image").StartsWith($"localhost/bonemet/{image.Name}:", StringComparison.Ordinal));
            Assert.True(service.Text("read_only") == "true" && service.List("cap_drop") is ["ALL"], $"{name} is not confined");
        }
    }

    [Fact]
    public void Images_OfOthers_ArePinnedToAVersion() =>
        Assert.All(Services, service => Assert.Matches(PinnedImage(), service.Service.Text("image")));

    [Fact]
    public void Images_OfOurOwn_AreOfTheVersionThatTheChartDeploys()
    {
        var tag = $"${{BONEMET_TAG:-{Yaml.Load("helm", "bonemet", "Chart.yaml").Text("appVersion")}}}";
        Assert.All(Services.Select(service => service.Service.Text("image")).Where(image => image.StartsWith("localhost/", StringComparison.Ordinal)), image => Assert.EndsWith(tag, image));
    }

    [Fact]
    public void Ports_ArePublishedOnLoopbackOnly() =>
        Assert.All(Services.SelectMany(service => service.Service.List("ports")), port => Assert.StartsWith("127.0.0.1:", (string)port));

    [Fact]
    public void ProfileAllInOne_HasOneServiceThatNeedsNoOther()
    {
        var (name, service) = Assert.Single(Services, service => service.Service.List("profiles").Contains("allinone"));
        Assert.Equal("all-in-one", name);
        Assert.False(service.ContainsKey("depends_on"));
    }

    /// <summary>The folders of operators' files (collector, rules, dashboards) come with the chart.</summary>
    [Fact]
    public void Mounts_OfFiles_PointToWhatIsThere()
    {
        var volumes = Compose.Map("volumes").Keys.Cast<string>().ToHashSet();
        foreach (var mount in Services.SelectMany(service => service.Service.List("volumes")).Cast<string>())
        {
            var source = mount.Split(':')[0];
            if (source.StartsWith("./", StringComparison.Ordinal)) { Assert.True(Path.Exists(Path.Combine(TestData.Root, "deploy", source)), $"{mount}: there is no deploy/{source[2..]}"); }
            else { Assert.Contains(source, volumes); }
        }
    }

    [Fact]
    public void Settings_OfPeers_NameServicesOfTheFile()
    {
        var names = Services.Select(service => service.Name).ToHashSet();
        var settings = Services.Where(service => service.Service.GetValueOrDefault("environment") is Dictionary<object, object>).SelectMany(service => service.Service.Map("environment"));
        foreach (var (key, value) in settings.Where(setting => ((string)setting.Key).StartsWith("Services__", StringComparison.Ordinal)))
        {
            var peer = ((string)key).Split("__")[1];
            Assert.Contains(peer, names);
            Assert.Equal($"http://{peer}:{(((string)key).EndsWith("Grpc", StringComparison.Ordinal) ? 8081 : 8080)}", value);
        }
    }

    [GeneratedRegex(@"^\S+:(v?\d+\.\d+\.\d+\S*|\$\{BONEMET_TAG:-\d+\.\d+\.\d+\})$")]
    private static partial Regex PinnedImage();
}
