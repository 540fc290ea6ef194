using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BoneMet.Cli.Images;
using BoneMet.FunctionalTests.Support;
using k8s;
using k8s.Models;
using Xunit;

namespace BoneMet.FunctionalTests.Chart;

/// <summary>The chart as a cluster would get it: every profile, rendered, read strictly, held against Kubernetes' schemas and our own rules.</summary>
public sealed partial class ChartTests
{
    private static readonly string[] Crds = ["-a", "keda.sh/v1alpha1", "-a", "monitoring.coreos.com/v1"];

    /// <summary>Names and helm's arguments of everything that is shipped, and of what a user may turn on.</summary>
    private static readonly Dictionary<string, string[]> Profiles = new()
    {
        ["allinone"] = ["-f", ChartTools.Profile("allinone")],
        ["site"] = ["-f", ChartTools.Profile("site")],
        ["centre"] = ["-f", ChartTools.Profile("centre")],
        ["gpu"] = ["-f", ChartTools.Profile("centre"), "-f", ChartTools.Profile("gpu")],
        ["centre with KEDA and Prometheus operator"] = ["-f", ChartTools.Profile("centre"), .. Crds, "--set", "telemetry.dashboards=true,telemetry.otlpEndpoint=http://collector:4317"],
        ["site with TLS, Gateway API and peers"] =
        [
            "-f", ChartTools.Profile("site"), "--set", "dimse.tls.secret=dimse-tls,dimse.tls.clientAuthorities=true,dimse.nodePort=31112,dimse.peers={PACS@10.0.0.9:104},dimse.allowedNetworks={10.0.0.0/8}",
            "--set", "secrets.sites[0].name=north,secrets.sites[0].key=key,gatewayApi.enabled=true,gatewayApi.parentRefs[0].name=shared,image.registry=registry.example.org,image.pullSecrets={pull}",
        ],
        ["site on MongoDB of its own, closed edges"] =
        [
            "-f", ChartTools.Profile("site"), "--set", "storage.documents=MongoDb,dev.mongodb.enabled=true,priorityClassName=high",
            "--set", "networkPolicy.edgeFrom[0].ipBlock.cidr=10.0.0.0/8,networkPolicy.dimseFrom[0].ipBlock.cidr=10.1.0.0/16",
        ],
        ["a long release name"] = ["-f", ChartTools.Profile("site"), "--name-template", "a-release-with-a-name-that-is-as-long-as-helm-permits"],
    };

    public static TheoryData<string> Names => [.. Profiles.Keys];

    [Theory]
    [InlineData("allinone")]
    [InlineData("site")]
    [InlineData("centre")]
    [InlineData("gpu")]
    public async Task Profile_Linted_HasNoFault(string profile)
    {
        var (code, output, error) = await ChartTools.Helm(["lint", "--strict", ChartTools.Chart, .. Profiles[profile]]);
        Assert.True(code == 0, output + error);
        Assert.DoesNotContain("[WARNING]", output, StringComparison.Ordinal);
        Assert.DoesNotContain("[ERROR]", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Profile_Rendered_IsWhatAClusterTakes(string profile)
    {
        var chart = await RenderedChart.Of(Profiles[profile]);
        Assert.NotEmpty(chart.Objects);
        var faults = await ChartTools.Validate(chart.Yaml, RenderedChart.CustomKinds);
        Assert.True(faults.Length == 0, faults);
        Assert.Equal(chart.Objects.Count, chart.Objects.Select(made => (made.GetType(), ((IMetadata<V1ObjectMeta>)made).Metadata.Name)).Distinct().Count());
    }

    [Fact]
    public async Task Checks_FaultsPutIn_AreFound()
    {
        var yaml = (await RenderedChart.Of(Profiles["allinone"])).Yaml;
        Assert.Throws<InvalidDataException>(() => RenderedChart.Load("apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndatta: {}\n"));
        Assert.Contains("ConfigMap", await ChartTools.Validate(yaml.Replace("Http__Port: \"8080\"", "Http__Port: 8080", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("Deployment", await ChartTools.Validate(yaml.Replace("selector:\n    matchLabels:\n      app.kubernetes.io/name: bonemet\n      app.kubernetes.io/instance: \"r\"\n      app.kubernetes.io/component: all-in-one\n  template:", "template:", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Names_Always_AreDnsLabels(string profile)
    {
        var chart = await RenderedChart.Of(Profiles[profile]);
        foreach (var name in chart.Objects.Select(made => ((IMetadata<V1ObjectMeta>)made).Metadata.Name)) { Assert.Matches(DnsLabel(), name); }
        foreach (var (_, _, pod) in chart.Pods)
        {
            foreach (var container in pod.Containers)
            {
                Assert.Matches(DnsLabel(), container.Name);
                foreach (var port in container.Ports ?? []) { Assert.True(port.Name.Length <= 15, port.Name); }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Selectors_Always_FindTheirPodsAndPorts(string profile)
    {
        var chart = await RenderedChart.Of(Profiles[profile]);
        foreach (var deployment in chart.Of<V1Deployment>()) { AssertSubset(deployment.Spec.Selector.MatchLabels, deployment.Spec.Template.Metadata.Labels, deployment.Name()); }
        foreach (var set in chart.Of<V1StatefulSet>()) { AssertSubset(set.Spec.Selector.MatchLabels, set.Spec.Template.Metadata.Labels, set.Name()); }
        Assert.Equal(chart.Of<V1Deployment>().Count(), chart.Of<V1Deployment>().Select(one => string.Join(',', one.Spec.Selector.MatchLabels.OrderBy(pair => pair.Key))).Distinct().Count());
        foreach (var service in chart.Of<V1Service>())
        {
            var (_, _, pod) = Assert.Single(chart.Pods, found => Matches(service.Spec.Selector, found.Meta!.Labels));
            var named = pod.Containers.SelectMany(container => container.Ports).ToDictionary(port => port.Name, port => port.ContainerPort);
            Assert.All(service.Spec.Ports, port => Assert.Contains($"{port.TargetPort}", named.Keys));
        }
        foreach (var budget in chart.Of<V1PodDisruptionBudget>()) { Assert.Single(chart.Pods, found => Matches(budget.Spec.Selector.MatchLabels, found.Meta!.Labels)); }
        foreach (var scaler in chart.Of<V2HorizontalPodAutoscaler>()) { Assert.Single(chart.Of<V1Deployment>(), found => found.Name() == scaler.Spec.ScaleTargetRef.Name && found.Spec.Replicas is null); }
        foreach (var backend in chart.Of<V1Ingress>().SelectMany(ingress => ingress.Spec.Rules).SelectMany(rule => rule.Http.Paths).Select(path => path.Backend.Service))
        {
            Assert.Contains(chart.Of<V1Service>(), service => service.Name() == backend.Name && service.Spec.Ports.Any(port => port.Name == backend.Port.Name));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Pods_Always_MeetPodSecurityRestrictedAndSayWhatTheyNeed(string profile)
    {
        var chart = await RenderedChart.Of(Profiles[profile]);
        foreach (var (owner, _, pod) in chart.Pods)
        {
            Assert.True(pod.AutomountServiceAccountToken == false, $"{owner} gets a token");
            Assert.True(pod.SecurityContext.RunAsNonRoot, owner);
            Assert.True(pod.SecurityContext.RunAsUser > 0, owner);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.True(pod.HostNetwork is null or false && pod.HostPID is null or false && pod.HostIPC is null or false, owner);
            Assert.All(pod.Volumes ?? [], volume => Assert.Null(volume.HostPath));
            foreach (var container in pod.Containers)
            {
                var security = container.SecurityContext;
                Assert.True(security.AllowPrivilegeEscalation == false && security.ReadOnlyRootFilesystem == true && security.Privileged is null or false, owner);
                Assert.Equal(["ALL"], security.Capabilities.Drop);
                Assert.Null(security.Capabilities.Add);
                foreach (var amount in new[] { container.Resources.Requests, container.Resources.Limits })
                {
                    Assert.True(amount.ContainsKey("cpu") && amount.ContainsKey("memory"), owner);
                }
                Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp" || mount.MountPath.StartsWith("/etc", StringComparison.Ordinal));
                Assert.All(container.VolumeMounts, mount => Assert.Contains(pod.Volumes ?? [], volume => volume.Name == mount.Name || OwnClaim(chart, owner, mount.Name)));
                Assert.Matches(PinnedImage(), container.Image);
            }
        }
        foreach (var (owner, spec) in chart.Of<V1Deployment>().Select(one => (one.Name(), one.Spec.Template.Spec)).Concat(chart.Of<V1StatefulSet>().Select(one => (one.Name(), one.Spec.Template.Spec))))
        {
            foreach (var container in spec.Containers)
            {
                Assert.True(container.StartupProbe is not null && container.LivenessProbe is not null && container.ReadinessProbe is not null, owner);
                foreach (var port in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }.Select(probe => $"{probe.HttpGet?.Port}{probe.TcpSocket?.Port}").Where(port => port.Length > 0))
                {
                    Assert.Contains(container.Ports, named => named.Name == port);
                }
                if (container.ReadinessProbe.Grpc is { } grpc) { Assert.Contains(container.Ports, named => named.ContainerPort == grpc.Port); }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Secrets_Always_AreNamedAndNeverMade(string profile)
    {
        var chart = await RenderedChart.Of(Profiles[profile]);
        Assert.Empty(chart.Of<V1Secret>());
        foreach (var variable in chart.Pods.SelectMany(pod => pod.Spec.Containers).SelectMany(container => container.Env ?? []))
        {
            if (SecretName().IsMatch(variable.Name)) { Assert.True(variable.Value is null && variable.ValueFrom?.SecretKeyRef is not null, variable.Name); }
        }
        foreach (var (key, _) in chart.Of<V1ConfigMap>().SelectMany(map => map.Data)) { Assert.DoesNotMatch(SecretName(), key); }
    }

    /// <summary>The arrows of docs and design, and no others, are open between the services.</summary>
    [Fact]
    public async Task NetworkPolicies_OfTheCentre_OpenTheArrowsOfTheDesignAlone()
    {
        var chart = await RenderedChart.Of(Profiles["centre"]);
        var arrows = (
            from policy in chart.Of<V1NetworkPolicy>()
            let to = policy.Metadata.Labels.TryGetValue("app.kubernetes.io/component", out var name) ? name : null
            where to is not null
            from rule in policy.Spec.Ingress ?? []
            from peer in rule.FromProperty ?? []
            where peer.PodSelector is not null
            from port in rule.Ports
            select $"{peer.PodSelector.MatchLabels["app.kubernetes.io/component"]} > {to} {port.Port}").Order().ToList();
        Assert.Equal(
            [
                "dicom-ingestion > nomogram-aggregation grpc", "feature-extraction > nomogram-aggregation grpc", "feature-extraction > pathology-tiling grpc",
                "gateway > cohort-analysis http", "gateway > dicom-ingestion http", "gateway > feature-extraction http", "gateway > nomogram-aggregation http", "gateway > pathology-tiling http",
                "pathology-tiling > nomogram-aggregation grpc",
            ],
            arrows);
        var deny = Assert.Single(chart.Of<V1NetworkPolicy>(), policy => policy.Name().EndsWith("default-deny", StringComparison.Ordinal));
        Assert.Equal(["Egress", "Ingress"], deny.Spec.PolicyTypes.Order());
        Assert.Null(deny.Spec.Ingress);
        Assert.Null(deny.Spec.Egress);
        Assert.All(chart.Pods, pod => Assert.True(Matches(deny.Spec.PodSelector.MatchLabels, pod.Meta!.Labels), pod.Owner));
        foreach (var (owner, meta, _) in chart.Pods)
        {
            Assert.Contains(chart.Of<V1NetworkPolicy>(), policy => policy != deny && Matches(policy.Spec.PodSelector.MatchLabels, meta!.Labels) && owner.Length > 0);
        }
    }

    [Theory]
    [InlineData("--set", "foo=1", "foo")]
    [InlineData("--set", "services.gateway.replica=2", "replica")]
    [InlineData("--set", "storage.documents=Postgres", "storage.documents")]
    [InlineData("--set", "image.tag=latest", "image.tag")]
    [InlineData("--set", "image.digests.gateway=sha256:123", "image.digests.gateway")]
    [InlineData("--set", "dimse.port=99999", "dimse.port")]
    [InlineData("--set-string", "services.gateway.replicas=two", "services.gateway.replicas")]
    [InlineData("--set", "settings.nonsense=1", "settings")]
    [InlineData("--set", "secrets.mongodb.password=x", "password")]
    [InlineData("--set", "services.gateway.replicas=2", "MongoDb")]
    [InlineData("--set", "bus.transport=InMemory", "one process")]
    [InlineData("--set", "services.all-in-one.enabled=true", "all-in-one")]
    [InlineData("--set", "services.gateway.calls.nobody={http}", "nobody")]
    public async Task Values_Wrong_AreRefusedByName(string option, string value, string named)
    {
        var (code, _, error) = await ChartTools.Helm(["template", "r", ChartTools.Chart, "--kube-version", "1.32.0", .. Profiles["site"], option, value]);
        Assert.NotEqual(0, code);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    /// <summary>What `bonemet images --push` writes: the images that it names are pinned by digest, the others by tag as before.</summary>
    [Fact]
    public async Task Digests_AsTheyArePushed_GoBeforeTheTag()
    {
        using var folder = new TemporaryFolder();
        var digest = $"sha256:{new string('a', 64)}";
        var file = folder.Of(DigestValues.FileName);
        await File.WriteAllTextAsync(file, DigestValues.Text("registry.example.org:5000", "1.2.3", new BuildStamp("1.2.3", "0123", 0), new Dictionary<string, string> { ["gateway"] = digest, ["cli"] = digest }), TestContext.Current.CancellationToken);
        var chart = await RenderedChart.Of([.. Profiles["centre"], "-f", file]);
        var images = chart.Pods.SelectMany(pod => pod.Spec.Containers).Select(container => container.Image).Where(image => image.StartsWith("registry.example.org:5000/bonemet/", StringComparison.Ordinal)).Distinct().ToList();
        Assert.Contains($"registry.example.org:5000/bonemet/gateway@{digest}", images);
        Assert.Contains($"registry.example.org:5000/bonemet/cli@{digest}", images);
        Assert.DoesNotContain(images, image => image.Contains("/gateway:", StringComparison.Ordinal) || image.Contains("/cli:", StringComparison.Ordinal));
        Assert.Contains("registry.example.org:5000/bonemet/pathology-tiling:1.2.3", images);
    }

    [Fact]
    public async Task Values_WithoutAProfile_SayWhatToName()
    {
        var (code, _, error) = await ChartTools.Helm("template", "r", ChartTools.Chart, "--kube-version", "1.32.0");
        Assert.NotEqual(0, code);
        Assert.Contains("values-allinone.yaml", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FeatureExtraction_WithKeda_ScalesToNoneOffHoursAndWithoutItToOne()
    {
        var with = await RenderedChart.Of(Profiles["centre with KEDA and Prometheus operator"]);
        var scaled = Assert.Single(with.Custom, document => document.Contains("kind: ScaledObject", StringComparison.Ordinal) && document.Contains("name: r-bonemet-feature-extraction\n", StringComparison.Ordinal));
        Assert.Contains("minReplicaCount: 0", scaled, StringComparison.Ordinal);
        Assert.Contains("type: cron", scaled, StringComparison.Ordinal);
        Assert.DoesNotContain(with.Of<V2HorizontalPodAutoscaler>(), scaler => scaler.Name() == "r-bonemet-feature-extraction");
        var without = await RenderedChart.Of(Profiles["centre"]);
        var spec = Assert.Single(without.Of<V2HorizontalPodAutoscaler>(), scaler => scaler.Name() == "r-bonemet-feature-extraction").Spec;
        Assert.Equal(1, spec.MinReplicas);
        Assert.All(spec.Metrics, metric => Assert.Equal("bonemet_queue_messages", metric.External.Metric.Name));

        // A queue that no service consumes would never scale anything.
        using var topology = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(TestData.Root, "shared", "Hosting", "Bus", "topology.json")));
        var queues = topology.RootElement.EnumerateObject().Select(queue => queue.Name).ToHashSet();
        foreach (var metric in without.Of<V2HorizontalPodAutoscaler>().SelectMany(scaler => scaler.Spec.Metrics).Where(metric => metric.External is not null))
        {
            Assert.Contains(metric.External.Metric.Selector.MatchLabels["queue"], queues);
        }
    }

    [Fact]
    public async Task Gpu_Profile_AsksForTheDeviceWhereItsNodesAre()
    {
        var chart = await RenderedChart.Of(Profiles["gpu"]);
        var pod = Assert.Single(chart.Of<V1Deployment>(), one => one.Name() == "r-bonemet-feature-extraction").Spec.Template.Spec;
        Assert.Equal("1", pod.Containers[0].Resources.Limits["nvidia.com/gpu"].ToString());
        Assert.Contains("nvidia.com/gpu.present", pod.NodeSelector.Keys);
        Assert.Contains(pod.Tolerations, toleration => toleration.Key == "nvidia.com/gpu");
        Assert.DoesNotContain(chart.Of<V1Deployment>().Where(one => one.Name() != "r-bonemet-feature-extraction"), one => one.Spec.Template.Spec.Containers[0].Resources.Limits.ContainsKey("nvidia.com/gpu"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Volume_OfTheEmbeddedStore_IsSharedOnOneNodeByPodsThatNeverOverlapWhereTheyMust(string profile)
    {
        var chart = await RenderedChart.Of(Profiles[profile]);
        var sharing = chart.Of<V1Deployment>().Where(one => one.Spec.Template.Spec.Volumes.Any(volume => volume.PersistentVolumeClaim is not null)).ToList();
        Assert.Equal(sharing.Count > 0, chart.Of<V1PersistentVolumeClaim>().Any());
        foreach (var one in sharing)
        {
            Assert.Equal(1, one.Spec.Replicas);
            Assert.True(sharing.Count == 1 || one.Spec.Template.Spec.Affinity.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution.Single().TopologyKey == "kubernetes.io/hostname", one.Name());
        }
        foreach (var name in new[] { "all-in-one", "cohort-analysis" }.Concat(sharing.Count > 0 ? ["dicom-ingestion"] : []))
        {
            Assert.All(chart.Of<V1Deployment>().Where(one => one.Name().EndsWith(name, StringComparison.Ordinal)), one => Assert.Equal("Recreate", one.Spec.Strategy.Type));
        }
    }

    [Fact]
    public async Task TestPod_RunsTheDemoThroughTheEdgeWithTheOperatorsKey()
    {
        foreach (var (profile, edge) in new[] { ("allinone", "all-in-one"), ("centre", "gateway") })
        {
            var pod = Assert.Single((await RenderedChart.Of(Profiles[profile])).Of<V1Pod>());
            Assert.Equal("test", pod.Annotations()["helm.sh/hook"]);
            Assert.Equal(["demo", "--url", $"http://r-bonemet-{edge}:8080"], pod.Spec.Containers[0].Args.Take(3));
            Assert.Equal("BONEMET_KEY", pod.Spec.Containers[0].Env.Single().Name);
        }
    }

    [Fact]
    public async Task Chart_ItsVersionAndFiles_AreThoseOfTheRepository()
    {
        var version = XDocument.Load(Path.Combine(TestData.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Contains($"appVersion: \"{version}\"", await File.ReadAllTextAsync(Path.Combine(ChartTools.Chart, "Chart.yaml")), StringComparison.Ordinal);
        foreach (var (inChart, source) in new[] { ("definitions.json", "deploy/rabbitmq/definitions.json"), ("prometheus/alerts.yaml", "deploy/prometheus/alerts.yaml"), ("grafana/cases.json", "deploy/grafana/cases.json") })
        {
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(TestData.Root, source)), await File.ReadAllTextAsync(Path.Combine(ChartTools.Chart, "files", inChart)));
        }
        var definitions = (await RenderedChart.Of(Profiles["site"])).Of<V1ConfigMap>().Single(map => map.Name() == "r-bonemet-topology").Data["definitions.json"];
        Assert.Equal((await File.ReadAllTextAsync(Path.Combine(TestData.Root, "deploy/rabbitmq/definitions.json"))).Trim(), definitions.Trim());
    }

    private static bool OwnClaim(RenderedChart chart, string owner, string volume) =>
        chart.Of<V1StatefulSet>().Any(set => set.Name() == owner && set.Spec.VolumeClaimTemplates.Any(claim => claim.Name() == volume));

    private static bool Matches(IDictionary<string, string> selector, IDictionary<string, string> labels) => selector.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static void AssertSubset(IDictionary<string, string> selector, IDictionary<string, string> labels, string name) => Assert.True(selector.Count > 0 && Matches(selector, labels), name);

    [GeneratedRegex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex DnsLabel();

    [GeneratedRegex("(:[0-9][A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})$")]
    private static partial Regex PinnedImage();

    [GeneratedRegex("(?i)(password|secretkey|accesskey|internalkey|operatorkey|connectionstrings)")]
    private static partial Regex SecretName();
}
