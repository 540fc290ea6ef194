using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace BoneMet.Storage.Sqlite;

/// <summary>
/// One table for the documents, one for the values that queries filter on. Processes of two versions may share the file while one replaces
/// the other, and the older does not know the indexes of the newer: triggers note for every write which declared indexes it left to do, a
/// save strikes out those that it did, and a query first does what is left of its own.
/// </summary>
internal sealed class SqliteDocumentCollection<T> : IDocumentCollection<T>
    where T : StoredDocument
{
    private const int LargestPage = 1000;

    private readonly SqliteDocumentStore store;
    private readonly IReadOnlyDictionary<string, Func<T, string?>> indexes;
    private readonly string table;
    private readonly string indexTable;
    private readonly string staleTable;
    private readonly string ownIndexes;

    public SqliteDocumentCollection(SqliteDocumentStore store, IReadOnlyDictionary<string, Func<T, string?>> indexes)
    {
        this.store = store;
        this.indexes = indexes;
        var name = CollectionName.Of(typeof(T));
        table = $"\"{name}\"";
        indexTable = $"\"{name}~index\"";
        staleTable = $"\"{name}~stale\"";
        ownIndexes = string.Join(", ", indexes.Keys.Select(index => $"'{index.Replace("'", "''", StringComparison.Ordinal)}'"));
        store.Write((connection, transaction) => Prepare(connection, transaction, name)).GetAwaiter().GetResult();
    }

    public bool Declares(IReadOnlyDictionary<string, Func<T, string?>> others) => others.Keys.All(indexes.ContainsKey);

    public Task<T?> Find(string id, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(store.Read(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT version, body FROM {table} WHERE id = $id";
            command.Parameters.AddWithValue("$id", id);
            using var reader = command.ExecuteReader();
            return reader.Read() ? Document(reader, 0) : null;
        }));
    }

    public async Task<T?> TrySave(T document, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentException.ThrowIfNullOrEmpty(document.Id);
        cancellation.ThrowIfCancellationRequested();
        var saved = document with { Version = document.Version + 1 };
        var body = DocumentBody.Write(saved);
        var pending = DocumentBody.Pending(saved) is { } ticks ? (object)ticks : DBNull.Value;
        var values = new List<(string Name, string Value)>(indexes.Count);
        foreach (var (name, value) in indexes)
        {
            if (value(saved) is { } text) { values.Add((name, text)); }
        }
        if (!await store.Write((connection, transaction) => Save(connection, transaction, saved, body, pending, values))) { return null; }
        CrashPoint.Hit(CrashPoint.AfterDocumentWrite);
        return saved;
    }

    public Task<bool> Delete(string id, long version, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        cancellation.ThrowIfCancellationRequested();
        return store.Write((connection, transaction) =>
        {
            using var command = Command(connection, transaction, $"DELETE FROM {table} WHERE id = $id AND version = $version");
            command.Parameters.AddWithValue("$id", id);
            command.Parameters.AddWithValue("$version", version);
            if (command.ExecuteNonQuery() == 0) { return false; }
            RemoveIndex(connection, transaction, id);
            return true;
        });
    }

    public async Task<DocumentPage<T>> Query(
        IReadOnlyDictionary<string, string>? equal = null, string? after = null, int limit = 100, bool descending = false, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LargestPage);
        cancellation.ThrowIfCancellationRequested();
        foreach (var name in equal?.Keys ?? []) { Require(name, nameof(equal)); }
        return await Filled(connection => Query(connection, equal, after, limit, descending));
    }

    public async Task<IReadOnlyDictionary<string, long>> CountBy(string index, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        Require(index, nameof(index));
        cancellation.ThrowIfCancellationRequested();
        return await Filled(connection => CountBy(connection, index));
    }

    public Task<IReadOnlyList<string>> WithOutbox(int limit, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<string>>(store.Read(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT id FROM {table} WHERE pending IS NOT NULL ORDER BY pending, id LIMIT $limit";
            command.Parameters.AddWithValue("$limit", limit);
            using var reader = command.ExecuteReader();
            var ids = new List<string>();
            while (reader.Read()) { ids.Add(reader.GetString(0)); }
            return ids;
        }));
    }

    /// <summary>Reads out of the indexes; when they must be filled first (null), fills them and reads again.</summary>
    private async Task<TResult> Filled<TResult>(Func<SqliteConnection, TResult?> read)
        where TResult : class
    {
        while (true)
        {
            if (store.Read(read) is { } found) { return found; }
            await store.Write(Refill);
        }
    }

    private Dictionary<string, long>? CountBy(SqliteConnection connection, string index)
    {
        using var snapshot = connection.BeginTransaction(deferred: true);
        if (IsStale(connection, snapshot)) { return null; }
        using var command = Command(connection, snapshot, $"SELECT value, COUNT(*) FROM {indexTable} WHERE name = $name GROUP BY value");
        command.Parameters.AddWithValue("$name", index);
        using var reader = command.ExecuteReader();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (reader.Read()) { counts[reader.GetString(0)] = reader.GetInt64(1); }
        return counts;
    }

    private void Require(string index, string parameter)
    {
        if (!indexes.ContainsKey(index)) { throw new ArgumentException($"{typeof(T).Name} declares no index '{index}'.", parameter); }
    }

    /// <summary>Null when indexes of this collection must be filled first.</summary>
    private DocumentPage<T>? Query(SqliteConnection connection, IReadOnlyDictionary<string, string>? equal, string? after, int limit, bool descending)
    {
        // One snapshot for the question whether the indexes are filled and for the answer out of them.
        using var snapshot = connection.BeginTransaction(deferred: true);
        if (equal is { Count: > 0 } && IsStale(connection, snapshot)) { return null; }
        using var command = Command(connection, snapshot, "");
        var sql = new StringBuilder($"SELECT d.version, d.body FROM {table} d");
        var n = 0;
        foreach (var (name, value) in equal ?? new Dictionary<string, string>())
        {
            sql.Append($" JOIN {indexTable} i{n} ON i{n}.id = d.id AND i{n}.name = $n{n} AND i{n}.value = $v{n}");
            command.Parameters.AddWithValue($"$n{n}", name);
            command.Parameters.AddWithValue($"$v{n}", value);
            n++;
        }
        if (after is not null)
        {
            sql.Append(descending ? " WHERE d.id < $after" : " WHERE d.id > $after");
            command.Parameters.AddWithValue("$after", after);
        }
        sql.Append(descending ? " ORDER BY d.id DESC LIMIT $limit" : " ORDER BY d.id LIMIT $limit");
        command.Parameters.AddWithValue("$limit", limit + 1);
        command.CommandText = sql.ToString();

        using var reader = command.ExecuteReader();
        var items = new List<T>();
        while (items.Count < limit && reader.Read()) { items.Add(Document(reader, 0)); }
        return new DocumentPage<T>(items, reader.Read() ? items[^1].Id : null);
    }

    private bool Save(SqliteConnection connection, SqliteTransaction transaction, T saved, string body, object pending, List<(string Name, string Value)> values)
    {
        using var command = Command(connection, transaction, saved.Version == 1
            ? $"INSERT INTO {table} (id, version, pending, body) VALUES ($id, 1, $pending, $body) ON CONFLICT (id) DO NOTHING"
            : $"UPDATE {table} SET version = $version, pending = $pending, body = $body WHERE id = $id AND version = $version - 1");
        command.Parameters.AddWithValue("$id", saved.Id);
        if (saved.Version != 1) { command.Parameters.AddWithValue("$version", saved.Version); }
        command.Parameters.AddWithValue("$pending", pending);
        command.Parameters.AddWithValue("$body", body);
        if (command.ExecuteNonQuery() == 0) { return false; }
        if (indexes.Count == 0) { return true; }
        if (saved.Version != 1) { RemoveIndex(connection, transaction, saved.Id); }
        AddIndex(connection, transaction, saved.Id, values);
        using var done = Command(connection, transaction, $"DELETE FROM {staleTable} WHERE id = $id AND name IN ({ownIndexes})");
        done.Parameters.AddWithValue("$id", saved.Id);
        done.ExecuteNonQuery();
        return true;
    }

    private bool IsStale(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = Command(connection, transaction, $"SELECT EXISTS (SELECT 1 FROM {staleTable} WHERE name IN ({ownIndexes}))");
        return command.ExecuteScalar() is 1L;
    }

    /// <summary>Fills the indexes of documents that a process saved which does not know them.</summary>
    private bool Refill(SqliteConnection connection, SqliteTransaction transaction)
    {
        var left = new List<(string Index, T Document)>();
        using (var command = Command(connection, transaction, $"SELECT s.name, d.version, d.body FROM {staleTable} s JOIN {table} d ON d.id = s.id WHERE s.name IN ({ownIndexes})"))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read()) { left.Add((reader.GetString(0), Document(reader, 1))); }
        }
        foreach (var (index, document) in left)
        {
            using var remove = Command(connection, transaction, $"DELETE FROM {indexTable} WHERE id = $id AND name = $name");
            remove.Parameters.AddWithValue("$id", document.Id);
            remove.Parameters.AddWithValue("$name", index);
            remove.ExecuteNonQuery();
            if (indexes[index](document) is { } value) { AddIndex(connection, transaction, document.Id, [(index, value)]); }
        }
        Execute(connection, transaction, $"DELETE FROM {staleTable} WHERE name IN ({ownIndexes})");
        return true;
    }

    private void AddIndex(SqliteConnection connection, SqliteTransaction transaction, string id, List<(string Name, string Value)> values)
    {
        foreach (var (name, value) in values)
        {
            using var command = Command(connection, transaction, $"INSERT OR REPLACE INTO {indexTable} (id, name, value) VALUES ($id, $name, $value)");
            command.Parameters.AddWithValue("$id", id);
            command.Parameters.AddWithValue("$name", name);
            command.Parameters.AddWithValue("$value", value);
            command.ExecuteNonQuery();
        }
    }

    private void RemoveIndex(SqliteConnection connection, SqliteTransaction transaction, string id)
    {
        using var command = Command(connection, transaction, $"DELETE FROM {indexTable} WHERE id = $id");
        command.Parameters.AddWithValue("$id", id);
        command.ExecuteNonQuery();
    }

    /// <summary>Makes the tables; an index that is declared for the first time is filled from the documents that exist already.</summary>
    private bool Prepare(SqliteConnection connection, SqliteTransaction transaction, string name)
    {
        Execute(connection, transaction, $"""
            CREATE TABLE IF NOT EXISTS {table} (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, pending INTEGER, body TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS "{name}~pending" ON {table} (pending, id) WHERE pending IS NOT NULL;
            CREATE TABLE IF NOT EXISTS {indexTable} (id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (id, name)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS "{name}~value" ON {indexTable} (name, value, id);
            CREATE TABLE IF NOT EXISTS "~indexes" (collection TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (collection, name)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS {staleTable} (name TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (name, id)) WITHOUT ROWID;
            CREATE TRIGGER IF NOT EXISTS "{name}~inserted" AFTER INSERT ON {table} BEGIN
              INSERT OR IGNORE INTO {staleTable} (name, id) SELECT name, NEW.id FROM "~indexes" WHERE collection = '{name}';
            END;
            CREATE TRIGGER IF NOT EXISTS "{name}~updated" AFTER UPDATE OF body ON {table} BEGIN
              INSERT OR IGNORE INTO {staleTable} (name, id) SELECT name, NEW.id FROM "~indexes" WHERE collection = '{name}';
            END;
            """);
        var fresh = indexes.Keys.Where(index =>
        {
            using var command = Command(connection, transaction, "INSERT OR IGNORE INTO \"~indexes\" (collection, name) VALUES ($collection, $name)");
            command.Parameters.AddWithValue("$collection", name);
            command.Parameters.AddWithValue("$name", index);
            return command.ExecuteNonQuery() == 1;
        }).ToList();
        if (fresh.Count == 0) { return true; }

        using var all = Command(connection, transaction, $"SELECT version, body FROM {table}");
        using var reader = all.ExecuteReader();
        while (reader.Read())
        {
            var document = Document(reader, 0);
            AddIndex(connection, transaction, document.Id, [.. fresh.Select(index => (index, indexes[index](document))).Where(pair => pair.Item2 is not null).Select(pair => (pair.index, pair.Item2!))]);
        }
        return true;
    }

    private static T Document(SqliteDataReader reader, int column)
    {
        var document = JsonSerializer.Deserialize<T>(reader.GetFieldValue<byte[]>(column + 1), DocumentJson.Options)!;
        var version = reader.GetInt64(column);
        return document.Version == version ? document : document with { Version = version };
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using var command = Command(connection, transaction, sql);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }
}
