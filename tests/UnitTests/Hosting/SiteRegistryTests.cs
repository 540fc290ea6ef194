using BoneMet.Hosting;
using BoneMet.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace BoneMet.UnitTests.Hosting;

public sealed class SiteRegistryTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("bonemet-sites-").FullName;
    private readonly FakeTimeProvider clock = new();
    private SqliteDocumentStore store = null!;
    private SiteRegistry sites = null!;

    public ValueTask InitializeAsync()
    {
        store = new SqliteDocumentStore(Path.Combine(folder, "documents.db"));
        sites = new SiteRegistry(store.Collection<Site>(), clock);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Add_NewSite_ItsKeyAuthenticatesAndIsStoredNowhere()
    {
        var made = await sites.Add("moscow-1");
        Assert.StartsWith("bm_moscow-1_", made!.Key, StringComparison.Ordinal);
        Assert.Equal(new Caller("moscow-1", false), await sites.Authenticate(made.Key));
        Assert.DoesNotContain(made.Key, await File.ReadAllTextAsync(store.Path), StringComparison.Ordinal);
        Assert.DoesNotContain(made.Key, await File.ReadAllTextAsync(store.Path + "-wal"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensure_KeyMadeElsewhere_LetsItInOnceAndForEverybodyElseNot()
    {
        const string Key = "bm_operator_0123456789abcdef0123456789abcdef";
        await sites.Ensure(Key, isOperator: true);
        await sites.Ensure(Key, isOperator: true);
        Assert.Single((await sites.Find("operator"))!.Keys);
        Assert.Equal(new Caller("operator", true), await sites.Authenticate(Key));
        Assert.Null(await sites.Authenticate(Key[..^1] + "0"));

        await sites.Ensure(Key[..^1] + "0", isOperator: true);
        Assert.NotNull(await sites.Authenticate(Key));
        await sites.Disable("operator");
        await sites.Ensure(Key, isOperator: true);
        Assert.Null(await sites.Authenticate(Key));
        await Assert.ThrowsAsync<ArgumentException>(() => sites.Ensure("operator-secret", isOperator: true));
    }

    [Fact]
    public async Task Add_NameTaken_IsNull()
    {
        Assert.NotNull(await sites.Add("a"));
        Assert.Null(await sites.Add("a", isOperator: true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("Beijing")]
    [InlineData("a_b")]
    [InlineData("a b")]
    [InlineData("更")]
    public async Task Add_NameNotAllowed_SaysSo(string name) => Assert.Contains("cannot name a site", (await Assert.ThrowsAsync<ArgumentException>(() => sites.Add(name))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Authenticate_AnyOtherKey_IsNobody()
    {
        var a = (await sites.Add("a"))!.Key;
        var b = (await sites.Add("b"))!.Key;
        var changed = a[..^1] + (a[^1] == 'A' ? 'B' : 'A');
        foreach (var key in (string[])["", "bm_", "bm__", "bm_a_", "x", changed, a + "A", a.ToUpperInvariant(), a.Replace("bm_a_", "bm_b_", StringComparison.Ordinal), new string('x', 5000), "bm_a_" + new string('ß', 120)])
        {
            Assert.Null(await sites.Authenticate(key));
        }
        Assert.Equal("b", (await sites.Authenticate(b))!.Site);
    }

    [Fact]
    public async Task Authenticate_SiteAddedByAnotherProcess_IsKnownAtOnce()
    {
        await using var other = new SqliteDocumentStore(store.Path);
        var made = await new SiteRegistry(other.Collection<Site>(), clock).Add("late", isOperator: true);
        Assert.Equal(new Caller("late", true), await sites.Authenticate(made!.Key));
    }

    [Fact]
    public async Task Authenticate_SiteDisabledByAnotherProcess_IsRefusedWithinTheFreshness()
    {
        var made = await sites.Add("gone");
        Assert.NotNull(await sites.Authenticate(made!.Key));
        await using (var other = new SqliteDocumentStore(store.Path)) { Assert.True(await new SiteRegistry(other.Collection<Site>(), clock).Disable("gone")); }
        clock.Advance(SiteRegistry.Freshness);
        Assert.Null(await sites.Authenticate(made.Key));
    }

    [Fact]
    public async Task AddKey_Rotation_BothKeysCount()
    {
        var first = await sites.Add("a");
        var second = await sites.AddKey("a");
        Assert.NotNull(await sites.Authenticate(first!.Key));
        Assert.NotNull(await sites.Authenticate(second!.Key));
        Assert.Null(await sites.AddKey("nobody"));
        Assert.Equal(["a"], (await sites.List()).Select(site => site.Id));
    }

    [Fact]
    public async Task Authenticate_KnownKey_AllocatesNothing()
    {
        var key = (await sites.Add("a"))!.Key;
        await sites.Authenticate(key);
        await sites.Authenticate(key);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            var known = sites.Authenticate(key);
            Assert.True(known.IsCompletedSuccessfully);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000 * 40);
    }
}
