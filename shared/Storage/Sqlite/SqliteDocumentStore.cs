using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace BoneMet.Storage.Sqlite;

/// <summary>
/// Documents in one SQLite file: write-ahead log, full synchronisation (a save is on the disk when it returns), any number of readers,
/// one writer per process. Several processes may share the file.
/// </summary>
public sealed class SqliteDocumentStore : IDocumentStore, IProbe, IAsyncDisposable
{
    private readonly ConcurrentDictionary<Type, object> collections = new();
    private readonly ConcurrentBag<SqliteSession> readers = [];
    private readonly string connectionString;
    private readonly WriteQueue writes;
    private readonly int largestPages;
    private volatile bool disposed;

    /// <summary>Opens the file, and makes it and its folder when they are missing.</summary>
    public SqliteDocumentStore(string path)
        : this(path, largestPages: 0)
    {
    }

    /// <param name="path">The file.</param>
    /// <param name="largestPages">Pages that the file may grow to, as on a full disk; 0: no limit.</param>
    internal SqliteDocumentStore(string path, int largestPages)
    {
        this.largestPages = largestPages;
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        connectionString = new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false, DefaultTimeout = 30 }.ToString();
        writes = new WriteQueue(Connect());
    }

    public string Path { get; }

    public IDocumentCollection<T> Collection<T>(IReadOnlyDictionary<string, Func<T, string?>>? indexes = null)
        where T : StoredDocument
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (indexes is null && collections.TryGetValue(typeof(T), out var known)) { return (IDocumentCollection<T>)known; }
        lock (collections)
        {
            if (collections.TryGetValue(typeof(T), out known) && (indexes is null || ((SqliteDocumentCollection<T>)known).Declares(indexes))) { return (IDocumentCollection<T>)known; }
            var made = new SqliteDocumentCollection<T>(this, indexes ?? new Dictionary<string, Func<T, string?>>());
            collections[typeof(T)] = made;
            return made;
        }
    }

    public Task Probe(CancellationToken cancellation = default) => writes.Write(static session =>
    {
        using var command = session.Command("CREATE TABLE IF NOT EXISTS \"~probe\" (at INTEGER); DELETE FROM \"~probe\"");
        command.ExecuteNonQuery();
        return true;
    }).WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (disposed) { return; }
        disposed = true;
        await writes.DisposeAsync();
        while (readers.TryTake(out var reader)) { await reader.DisposeAsync(); }
    }

    internal Task<bool> Write(Func<SqliteSession, bool> write) => writes.Write(write);

    /// <summary>Reads on a connection of its own, so that readers never wait for the writer.</summary>
    internal TResult Read<TResult>(Func<SqliteSession, TResult> read)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!readers.TryTake(out var session)) { session = Connect(); }
        try
        {
            return read(session);
        }
        finally
        {
            if (disposed) { session.DisposeAsync().AsTask().GetAwaiter().GetResult(); }
            else { readers.Add(session); }
        }
    }

    private SqliteSession Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var pragma = connection.CreateCommand();
        pragma.CommandText = "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -2000;";
        pragma.ExecuteNonQuery();
        if (largestPages > 0)
        {
            pragma.CommandText = $"PRAGMA max_page_count = {largestPages}";
            pragma.ExecuteNonQuery();
        }
        return new SqliteSession(connection);
    }
}
