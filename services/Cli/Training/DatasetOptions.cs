namespace BoneMet.Cli.Training;

/// <summary>What `bonemet train generate` writes.</summary>
internal sealed record DatasetOptions
{
    public required int Patients { get; init; }
    public required ulong Seed { get; init; }
    public required DirectoryInfo Out { get; init; }

    /// <summary>Tiles of each slide.</summary>
    public int TilesPerSlide { get; init; } = 6;

    /// <summary>Hospitals that the patients are dealt to.</summary>
    public int Sites { get; init; } = 4;
}
