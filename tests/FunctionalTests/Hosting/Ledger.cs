using BoneMet.Storage;

namespace BoneMet.FunctionalTests.Hosting;

/// <summary>A document of the tests that sends messages.</summary>
internal sealed record Ledger : StoredDocument
{
    public string Text { get; init; } = "";
}
