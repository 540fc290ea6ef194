using BoneMet.Storage;
using Xunit;

namespace BoneMet.UnitTests.Storage;

public sealed class DocumentHandlingTests
{
    [Fact]
    public void WithHandled_BeyondTheLimit_ForgetsTheOldest()
    {
        var note = new Note { Id = "a" };
        for (var i = 0; i < StoredDocument.HandledLimit + 10; i++) { note = note.WithHandled($"m{i}"); }
        Assert.Equal(StoredDocument.HandledLimit, note.Handled.Count);
        Assert.False(note.HasHandled("m9"));
        Assert.True(note.HasHandled("m10"));
        Assert.True(note.HasHandled($"m{StoredDocument.HandledLimit + 9}"));
    }

    [Fact]
    public void WithHandled_SameMessageAgain_ChangesNothing()
    {
        var note = new Note { Id = "a" }.WithHandled("m");
        Assert.Same(note, note.WithHandled("m"));
    }

    [Fact]
    public void WithOutgoing_Messages_KeepTheirOrder()
    {
        OutboxMessage Message(string id) => new(id, "T", "{}", null, DateTimeOffset.UnixEpoch);
        var note = new Note { Id = "a" }.WithOutgoing(Message("1")).WithOutgoing(Message("2"), Message("3"));
        Assert.Equal(["1", "2", "3"], note.Outbox.Select(message => message.Id));
    }
}
