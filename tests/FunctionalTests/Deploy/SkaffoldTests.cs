using System.Diagnostics;
using BoneMet.Cli.Images;
using Xunit;

namespace BoneMet.FunctionalTests.Deploy;

/// <summary>skaffold.yaml against its documented schema (skaffold/v4beta11): only known keys, files that exist, an artifact for every image.</summary>
public sealed class SkaffoldTests
{
    private static readonly Dictionary<object, object> Skaffold = Yaml.Load("skaffold.yaml");

    // The keys of the schema that we use, by where they stand.
    private static readonly string[] TopLevel = ["apiVersion", "kind", "metadata", "build", "deploy", "portForward", "profiles"];
    private static readonly string[] ProfileKeys = ["name", "build", "deploy", "portForward", "patches"];
    private static readonly string[] ArtifactKeys = ["image", "context", "custom", "docker"];
    private static readonly string[] CustomKeys = ["buildCommand", "dependencies"];
    private static readonly string[] DockerKeys = ["dockerfile", "target", "buildArgs"];
    private static readonly string[] ReleaseKeys = ["name", "chartPath", "valuesFiles", "setValues", "createNamespace", "namespace"];

    private static IEnumerable<Dictionary<object, object>> Profiles => Skaffold.List("profiles").Cast<Dictionary<object, object>>();

    private static IEnumerable<Dictionary<object, object>> Artifacts(Dictionary<object, object> config) =>
        (config.ContainsKey("build") ? config.Map("build").List("artifacts") : []).Concat(config.List("patches").Cast<Dictionary<object, object>>().Where(patch => patch.GetValueOrDefault("value") is Dictionary<object, object>).Select(patch => patch["value"])).Cast<Dictionary<object, object>>();

    private static IEnumerable<Dictionary<object, object>> Releases(Dictionary<object, object> config) =>
        config.ContainsKey("deploy") ? config.Map("deploy").Map("helm").List("releases").Cast<Dictionary<object, object>>() : [];

    [Fact]
    public void Config_HasOnlyKeysOfTheSchema()
    {
        Assert.Equal(("skaffold/v4beta11", "Config"), (Skaffold.Text("apiVersion"), Skaffold.Text("kind")));
        Assert.Subset(TopLevel.ToHashSet(), Names(Skaffold));
        Assert.All(Profiles, profile => Assert.Subset(ProfileKeys.ToHashSet(), Names(profile)));
        Assert.Equal(["allinone", "site", "gpu", "dockerfile"], Profiles.Select(profile => profile.Text("name")));
        foreach (var config in Profiles.Append(Skaffold))
        {
            foreach (var artifact in Artifacts(config))
            {
                Assert.Subset(ArtifactKeys.ToHashSet(), Names(artifact));
                if (artifact.ContainsKey("custom")) { Assert.Subset(CustomKeys.ToHashSet(), Names(artifact.Map("custom"))); }
                else { Assert.Subset(DockerKeys.ToHashSet(), Names(artifact.Map("docker"))); }
            }
            Assert.All(Releases(config), release => Assert.Subset(ReleaseKeys.ToHashSet(), Names(release)));
        }
    }

    [Fact]
    public void Artifacts_AreTheImagesOfThePlatform_BuiltFromFilesThatExist()
    {
        foreach (var artifact in Profiles.Append(Skaffold).SelectMany(Artifacts))
        {
            var image = ServiceImage.Find(artifact.Text("image")["bonemet/".Length..]);
            if (artifact.ContainsKey("custom"))
            {
                var custom = artifact.Map("custom");
                Assert.Equal($"deploy/skaffold-build {image.Name}", custom.Text("buildCommand"));
                Assert.All(custom.Map("dependencies").List("paths").Cast<string>().Where(path => !path.Contains('*', StringComparison.Ordinal)), path => Assert.True(Path.Exists(Path.Combine(TestData.Root, path)), path));
                Assert.Contains(custom.Map("dependencies").List("paths").Cast<string>(), path => path.StartsWith("services", StringComparison.Ordinal) && $"services/{image.Project}".StartsWith(path, StringComparison.Ordinal));
            }
            else
            {
                var arguments = artifact.Map("docker").Map("buildArgs");
                Assert.True(File.Exists(Path.Combine(TestData.Root, artifact.Map("docker").Text("dockerfile"))));
                Assert.Equal((image.Project, image.Name, string.Join(' ', image.Native)), (arguments.Text("SERVICE"), arguments.Text("NAME"), arguments.Text("NATIVE")));
            }
        }
        var cluster = Artifacts(Skaffold).Select(artifact => artifact.Text("image")).ToHashSet();
        Assert.All(Cli.Platform.ClusterLayout.Services, service => Assert.Contains($"bonemet/{service.Service}", cluster));
    }

    /// <summary>The patches name artifacts by their place in the list.</summary>
    [Fact]
    public void Patches_ReplaceTheArtifactOfTheSameService()
    {
        var artifacts = Skaffold.Map("build").List("artifacts").Cast<Dictionary<object, object>>().ToList();
        foreach (var patch in Profiles.SelectMany(profile => profile.List("patches")).Cast<Dictionary<object, object>>().Where(patch => patch.Text("op") == "replace"))
        {
            var replaced = artifacts[int.Parse(patch.Text("path").Split('/')[^1])];
            Assert.StartsWith(replaced.Text("image"), patch.Map("value").Text("image"));
        }
    }

    [Fact]
    public void Releases_NameFilesOfTheChart()
    {
        var files = Profiles.Append(Skaffold).SelectMany(Releases).SelectMany(release => release.List("valuesFiles").Cast<string>().Append(release.Text("chartPath"))).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(Path.Exists(Path.Combine(TestData.Root, file)), file));
    }

    [Theory]
    [InlineData("dicom-ingestion", "localhost:5000/bonemet/dicom-ingestion:abc", true, "services/DicomIngestion", "-p:ContainerRegistry=localhost:5000", "-p:ContainerRepository=bonemet/dicom-ingestion")]
    [InlineData("all-in-one", "bonemet/all-in-one:abc", false, "services/AllInOne", "-p:ContainerImageTag=abc", "-p:ContainerRepository=bonemet/all-in-one")]
    public async Task Builder_PublishesTheServiceThatSkaffoldNames(string name, string image, bool push, params string[] expected)
    {
        var info = new ProcessStartInfo(Path.Combine(TestData.Root, "deploy", "skaffold-build"), [name]) { RedirectStandardOutput = true, Environment = { ["IMAGE"] = image, ["PUSH_IMAGE"] = push ? "true" : "false", ["DRY_RUN"] = "true" } };
        using var process = Process.Start(info)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.All(expected, word => Assert.Contains($" {word}", output));
        Assert.Contains("-t:PublishContainer", output);
    }

    private static HashSet<string> Names(Dictionary<object, object> map) => [.. map.Keys.Cast<string>()];
}
