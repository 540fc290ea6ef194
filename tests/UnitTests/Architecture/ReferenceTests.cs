using System.Xml.Linq;
using Xunit;

namespace BoneMet.UnitTests.Architecture;

public sealed class ReferenceTests
{
    private static readonly string[] Pure = ["Statistics", "Imaging", "Dicom"];

    public static TheoryData<string> Projects() =>
        [.. Directory.GetFiles(TestData.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.Contains("artifacts", StringComparison.Ordinal) && !path.Contains($"{Path.DirectorySeparatorChar}tests{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(TestData.Root, path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_ItsReferences_PointOneWay(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        foreach (var reference in References(project))
        {
            if (name == "AllInOne") { continue; }
            Assert.True(reference.Contains("shared/", StringComparison.Ordinal) || !reference.Contains("services/", StringComparison.Ordinal), $"{name} refers to {reference}");
            Assert.False(Directory.Exists(Path.Combine(TestData.Root, "services", Path.GetFileNameWithoutExtension(reference))), $"{name} refers to the service {reference}");
        }
        if (Pure.Contains(name)) { Assert.Empty(References(project)); }
        if (name == "RiskModels") { Assert.Equal(["Statistics"], References(project).Select(Path.GetFileNameWithoutExtension)); }
    }

    [Theory]
    [InlineData("Gateway")]
    [InlineData("DicomIngestion")]
    [InlineData("PathologyTiling")]
    [InlineData("FeatureExtraction")]
    [InlineData("ClinicalScoring")]
    [InlineData("NomogramAggregation")]
    [InlineData("CohortAnalysis")]
    public void Service_ItsProgram_IsADozenLines(string service)
    {
        var lines = File.ReadAllLines(Path.Combine(TestData.Root, "services", service, "Program.cs")).Count(line => line.Trim().Length > 0);
        Assert.InRange(lines, 5, 14);
    }

    [Fact]
    public void MassTransit_IsNamed_OnlyInConsumersAndHosting()
    {
        var offenders = Directory.GetFiles(TestData.Root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("artifacts", StringComparison.Ordinal) && !path.Contains("tests", StringComparison.Ordinal))
            .Where(path => File.ReadLines(path).Any(line => line.StartsWith("using MassTransit", StringComparison.Ordinal)))
            .Select(path => Path.GetRelativePath(TestData.Root, path).Replace('\\', '/'))
            .Where(path => !path.EndsWith("Consumer.cs", StringComparison.Ordinal) && !path.EndsWith("Definition.cs", StringComparison.Ordinal) && !path.EndsWith("Module.cs", StringComparison.Ordinal)
                && !path.StartsWith("shared/Hosting/", StringComparison.Ordinal));
        Assert.Empty(offenders);
    }

    private static List<string> References(string project) =>
        [.. XDocument.Load(Path.Combine(TestData.Root, project)).Descendants("ProjectReference").Select(e => e.Attribute("Include")!.Value.Replace('\\', '/'))];
}
