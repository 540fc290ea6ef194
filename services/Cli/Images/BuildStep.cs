namespace BoneMet.Cli.Images;

/// <summary>One command of a build: run, or shown by <c>--dry-run</c>.</summary>
/// <param name="Done">A file or folder that it makes; where that is there already, the step is not repeated.</param>
internal sealed record BuildStep(string Program, IReadOnlyList<string> Arguments, string? Done = null)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public override string ToString() =>
        string.Join(' ', (IEnumerable<string>)[.. Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={Quoted(pair.Value)}"), Program, .. Arguments.Select(Quoted)]);

    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@+".Contains(c, StringComparison.Ordinal)) ? word : $"'{word}'";
}
