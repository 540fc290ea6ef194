using Xunit;

namespace BoneMet.FunctionalTests;

/// <summary>The shared folder of real material (BONEMET_TEST_DATA; by default beside the repository). Never copied into it.</summary>
internal static class TestData
{
    public static string Root { get; } = FindRoot();

    private static readonly string Folder =
        Environment.GetEnvironmentVariable("BONEMET_TEST_DATA") ?? Path.Combine(Root, "..", "shared", "data");

    /// <summary>Path below the shared data; skips the test, by name, where it is absent.</summary>
    public static string Require(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Folder, relative));
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"needs the shared test data: {relative} is not there");
        return path;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "BoneMetPlatform.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }
        return folder;
    }
}
