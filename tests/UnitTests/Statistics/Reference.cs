using System.Globalization;
using System.Text.Json;
using Xunit;

namespace BoneMet.UnitTests.Statistics;

/// <summary>Results of R that are checked in beside the script that made them, and the data they came from.</summary>
internal static class Reference
{
    public static JsonElement Load(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(TestData.Root, "tests", "reference", name))).RootElement;

    public static JsonElement Shared(string relative) => JsonDocument.Parse(File.ReadAllText(TestData.Require(relative))).RootElement;

    public static double[] Doubles(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(Number)];

    public static double Double(this JsonElement element, string name) => Number(element.GetProperty(name));

    public static double[] Many(this JsonElement element, params string[] names) => [.. names.Select(name => element.Double(name))];

    public static string[] Strings(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>A comma-separated file with a header: columns by name, quotes taken off.</summary>
    public static Dictionary<string, string[]> Csv(string path)
    {
        var lines = File.ReadAllLines(path);
        var names = lines[0].Split(',').Select(cell => cell.Trim('"')).ToArray();
        var cells = lines.Skip(1).Select(line => line.Split(',').Select(cell => cell.Trim('"')).ToArray()).ToArray();
        return names.Select((name, j) => (name, j)).ToDictionary(pair => pair.name, pair => cells.Select(row => row[pair.j]).ToArray());
    }

    public static double[] Numbers(this string[] cells) => [.. cells.Select(cell => cell is "NA" or "" ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture))];

    public static void Close(double expected, double actual, double relative = 1e-6, string what = "")
    {
        if (double.IsNaN(expected)) { Assert.True(double.IsNaN(actual), $"{what}: expected NaN, got {actual:R}"); return; }
        var error = expected == actual ? 0 : Math.Abs(expected - actual) / Math.Max(Math.Abs(expected), 1e-300);
        Assert.True(error <= relative || Math.Abs(expected - actual) < 1e-13, $"{what}: expected {expected:R}, got {actual:R}, relative error {error:G3}");
    }

    public static void Close(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double relative = 1e-6, string what = "")
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++) { Close(expected[i], actual[i], relative, $"{what}[{i}]"); }
    }

    private static double Number(JsonElement element) => element.ValueKind == JsonValueKind.Number ? element.GetDouble() : double.NaN;
}
