namespace BoneMet.Cli.Demo;

/// <summary>What the user asked of `bonemet demo`.</summary>
internal sealed record DemoOptions
{
    public string? Images { get; init; }
    public string? Slide { get; init; }
    public string? Factors { get; init; }
    public string? Roi { get; init; }
    public required IReadOnlySet<string> Without { get; init; }
    public bool Json { get; init; }
    public string? Out { get; init; }
    public Uri? Url { get; init; }
    public string? Key { get; init; }
    public int Seed { get; init; } = SyntheticCase.DefaultSeed;
    public int TimeoutSeconds { get; init; } = 300;
}
