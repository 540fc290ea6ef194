namespace BoneMet.FunctionalTests.Hosting;

public sealed record EntryWritten
{
    public required string LedgerId { get; init; }
    public required int Number { get; init; }
}
