using BoneMet.Storage;

namespace BoneMet.UnitTests.Storage;

internal sealed record Note : StoredDocument
{
    public string Site { get; init; } = "";
    public string? Kind { get; init; }
    public double Number { get; init; }
    public DateTimeOffset? At { get; init; }
    public NoteState State { get; init; }
    public IReadOnlyDictionary<string, double> Values { get; init; } = new Dictionary<string, double>();
}
