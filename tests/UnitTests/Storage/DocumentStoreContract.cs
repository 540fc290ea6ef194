using BoneMet.Storage;
using Xunit;

namespace BoneMet.UnitTests.Storage;

/// <summary>What every document store does. Each implementation runs all of it.</summary>
public abstract class DocumentStoreContract : IAsyncLifetime
{
    private static readonly IReadOnlyDictionary<string, Func<Note, string?>> Indexes = new Dictionary<string, Func<Note, string?>> { ["site"] = note => note.Site, ["kind"] = note => note.Kind };

    private protected abstract IDocumentStore Store { get; }

    private IDocumentCollection<Note> Notes => Store.Collection(Indexes);

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Find_NothingSaved_IsNull() => Assert.Null(await Notes.Find("missing"));

    [Fact]
    public async Task TrySave_New_IsFoundAsItWas()
    {
        var note = new Note
        {
            Id = "a", Site = "北京", Kind = "ядро", Number = 0.1 + 0.2, At = new DateTimeOffset(2026, 11, 23, 1, 2, 3, 4, TimeSpan.FromHours(8)), State = NoteState.ClosedForGood,
            Values = new Dictionary<string, double> { ["smallest"] = double.Epsilon, ["nan"] = double.NaN, ["most"] = double.MaxValue },
        };
        var saved = await Notes.TrySave(note);
        Assert.Equal(1, saved!.Version);

        var found = await Notes.Find("a");
        Assert.NotNull(found);
        Assert.Equal((saved.Version, note.Site, note.Kind, note.Number, note.At, note.State), (found.Version, found.Site, found.Kind, found.Number, found.At, found.State));
        Assert.Equal(note.Values.Order(Comparer<KeyValuePair<string, double>>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key))), found.Values.Order(Comparer<KeyValuePair<string, double>>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key))));
    }

    [Fact]
    public async Task TrySave_SameIdTwiceAsNew_SecondIsRefused()
    {
        Assert.NotNull(await Notes.TrySave(new Note { Id = "a", Site = "first" }));
        Assert.Null(await Notes.TrySave(new Note { Id = "a", Site = "second" }));
        Assert.Equal("first", (await Notes.Find("a"))!.Site);
    }

    [Fact]
    public async Task TrySave_StaleVersion_IsRefusedAndChangesNothing()
    {
        var first = await Notes.TrySave(new Note { Id = "a", Site = "one" });
        var second = await Notes.TrySave(first! with { Site = "two" });
        Assert.Equal(2, second!.Version);
        Assert.Null(await Notes.TrySave(first with { Site = "late" }));
        Assert.Null(await Notes.TrySave(first with { Version = 7, Site = "early" }));
        Assert.Equal("two", (await Notes.Find("a"))!.Site);
    }

    [Fact]
    public async Task TrySave_ManyAtOnceOnOneDocument_EveryStepHappensOnce()
    {
        await Notes.TrySave(new Note { Id = "a" });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                Note? saved;
                do
                {
                    var note = await Notes.Find("a");
                    saved = await Notes.TrySave(note! with { Number = note!.Number + 1 });
                }
                while (saved is null);
            }
        })));
        var end = await Notes.Find("a");
        Assert.Equal((200.0, 201L), (end!.Number, end.Version));
    }

    [Fact]
    public async Task Delete_RightVersion_Removes()
    {
        var saved = await Notes.TrySave(new Note { Id = "a", Site = "x" });
        Assert.False(await Notes.Delete("a", 9));
        Assert.True(await Notes.Delete("a", saved!.Version));
        Assert.False(await Notes.Delete("a", saved.Version));
        Assert.Null(await Notes.Find("a"));
        Assert.Empty((await Notes.Query(new Dictionary<string, string> { ["site"] = "x" })).Items);
        Assert.NotNull(await Notes.TrySave(new Note { Id = "a" }));
    }

    [Fact]
    public async Task Query_ByIndexes_FollowsChanges()
    {
        await Notes.TrySave(new Note { Id = "a", Site = "x", Kind = "k" });
        var b = await Notes.TrySave(new Note { Id = "b", Site = "x" });
        await Notes.TrySave(new Note { Id = "c", Site = "y", Kind = "k" });

        Assert.Equal(["a", "b"], await Ids(new() { ["site"] = "x" }));
        Assert.Equal(["a"], await Ids(new() { ["site"] = "x", ["kind"] = "k" }));
        await Notes.TrySave(b! with { Kind = "k", Site = "y" });
        Assert.Equal(["a"], await Ids(new() { ["site"] = "x" }));
        Assert.Equal(["b", "c"], await Ids(new() { ["site"] = "y", ["kind"] = "k" }));
    }

    [Fact]
    public async Task Query_UndeclaredIndex_NamesIt()
    {
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => Notes.Query(new Dictionary<string, string> { ["colour"] = "red" }));
        Assert.Contains("colour", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Query_PageByPage_SeesEachDocumentOnceInOrder(bool descending)
    {
        var expected = Enumerable.Range(0, 25).Select(i => $"id-{i:00}").ToList();
        foreach (var id in expected) { await Notes.TrySave(new Note { Id = id, Site = "x" }); }
        if (descending) { expected.Reverse(); }

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await Notes.Query(new Dictionary<string, string> { ["site"] = "x" }, after, limit: 10, descending);
            seen.AddRange(page.Items.Select(note => note.Id));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task Query_ExactlyOnePage_HasNoNext()
    {
        for (var i = 0; i < 10; i++) { await Notes.TrySave(new Note { Id = $"{i}" }); }
        Assert.Null((await Notes.Query(limit: 10)).Next);
        Assert.Equal("8", (await Notes.Query(limit: 9)).Next);
    }

    [Fact]
    public async Task CountBy_SavesAndDeletes_CountsWhatIsThere()
    {
        foreach (var (id, site) in new[] { ("a", "north"), ("b", "north"), ("c", "south") }) { await Notes.TrySave(new Note { Id = id, Site = site }); }
        Assert.Equal(new Dictionary<string, long> { ["north"] = 2, ["south"] = 1 }, await Notes.CountBy("site"));
        await Notes.TrySave((await Notes.Find("b"))! with { Site = "south" });
        await Notes.Delete("c", 1);
        Assert.Equal(new Dictionary<string, long> { ["north"] = 1, ["south"] = 1 }, await Notes.CountBy("site"));
        await Assert.ThrowsAsync<ArgumentException>(() => Notes.CountBy("colour"));
    }

    [Fact]
    public async Task WithOutbox_OldestMessageFirst_AndGoneWhenEmpty()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        OutboxMessage At(int minute) => new($"m{minute}", "T", "{}", null, now.AddMinutes(minute));
        await Notes.TrySave(new Note { Id = "quiet" });
        var late = await Notes.TrySave(new Note { Id = "late", Outbox = [At(9)] });
        await Notes.TrySave(new Note { Id = "mixed", Outbox = [At(5), At(12)] });
        await Notes.TrySave(new Note { Id = "early", Outbox = [At(1)] });

        Assert.Equal(["early", "mixed", "late"], await Notes.WithOutbox(10));
        Assert.Equal(["early"], await Notes.WithOutbox(1));
        await Notes.TrySave(late! with { Outbox = [] });
        Assert.Equal(["early", "mixed"], await Notes.WithOutbox(10));
        Assert.Equal("m5", (await Notes.Find("mixed"))!.Outbox[0].Id);
    }

    [Fact]
    public async Task Id_OfAnyText_IsKeptApart()
    {
        string[] ids = ["a", "A", "a ", "'; DROP TABLE note; --", "ü", "u\u0308", "$where", "a.b"];
        foreach (var id in ids) { Assert.NotNull(await Notes.TrySave(new Note { Id = id, Site = id })); }
        foreach (var id in ids) { Assert.Equal(id, (await Notes.Find(id))!.Site); }
    }

    private async Task<List<string>> Ids(Dictionary<string, string> equal) => [.. (await Notes.Query(equal)).Items.Select(note => note.Id)];
}
