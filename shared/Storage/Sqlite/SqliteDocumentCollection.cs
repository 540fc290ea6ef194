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
    private readonly string find;
    private readonly string insert;
    private readonly string update;
    private readonly string addIndex;
    private readonly string removeIndex;
    private readonly string indexed;
    private readonly string isStale;

    public SqliteDocumentCollection(SqliteDocumentStore store, IReadOnlyDictionary<string, Func<T, string?>> indexes)
    {
        this.store = store;
        this.indexes = indexes;
        var name = CollectionName.Of(typeof(T));
        table = $"\"{name}\"";
        indexTable = $"\"{name}~index\"";
        staleTable = $"\"{name}~stale\"";
        ownIndexes = string.Join(", ", indexes.Keys.Select(index => $"'{index.Replace("'", "''", StringComparison.Ordinal)}'"));
        find = $"SELECT version, body FROM {table} WHERE id = $id";
        insert = $"INSERT INTO {table} (id, version, pending, body) VALUES ($id, 1, $pending, $body) ON CONFLICT (id) DO NOTHING";
        update = $"UPDATE {table} SET version = $version, pending = $pending, body = $body WHERE id = $id AND version = $version - 1";
        addIndex = $"INSERT OR REPLACE INTO {indexTable} (id, name, value) VALUES ($id, $name, $value)";
        removeIndex = $"DELETE FROM {indexTable} WHERE id = $id";
        indexed = $"DELETE FROM {staleTable} WHERE id = $id AND name IN ({ownIndexes})";
        isStale = $"SELECT EXISTS (SELECT 1 FROM {staleTable} WHERE name IN ({ownIndexes}))";
        store.Write(session => Prepare(session, name)).GetAwaiter().GetResult();
    }

    public bool Declares(IReadOnlyDictionary<string, Func<T, string?>> others) => others.Keys.All(indexes.ContainsKey);

    public Task<T?> Find(string id, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(store.Read(session =>
        {
            using var reader = session.Prepared(find, ("$id", id)).ExecuteReader();
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
        if (!await store.Write(session => Save(session, saved, body, pending, values))) { return null; }
        CrashPoint.Hit(CrashPoint.AfterDocumentWrite);
        return saved;
    }

    public Task<bool> Delete(string id, long version, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        cancellation.ThrowIfCancellationRequested();
        return store.Write(session =>
        {
            if (session.Prepared($"DELETE FROM {table} WHERE id = $id AND version = $version", ("$id", id), ("$version", version)).ExecuteNonQuery() == 0) { return false; }
            RemoveIndex(session, id);
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
        return await Filled(session => Query(session, equal, after, limit, descending), uses: equal is { Count: > 0 });
    }

    public async Task<IReadOnlyDictionary<string, long>> CountBy(string index, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        Require(index, nameof(index));
        cancellation.ThrowIfCancellationRequested();
        return await Filled(session => CountBy(session, index), uses: true);
    }

    public Task<IReadOnlyList<string>> WithOutbox(int limit, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<string>>(store.Read(session =>
        {
            using var reader = session.Prepared($"SELECT id FROM {table} WHERE pending IS NOT NULL ORDER BY pending, id LIMIT $limit", ("$limit", limit)).ExecuteReader();
            var ids = new List<string>();
            while (reader.Read()) { ids.Add(reader.GetString(0)); }
            return ids;
        }));
    }

    /// <summary>Reads in one snapshot; when the read uses indexes and some must be filled first, fills them and reads again.</summary>
    private async Task<TResult> Filled<TResult>(Func<SqliteSession, TResult> read, bool uses)
        where TResult : class
    {
        while (true)
        {
            var found = store.Read(session =>
            {
                using var snapshot = session.Snapshot();
                try
                {
                    return uses && IsStale(session) ? null : read(session);
                }
                finally
                {
                    session.End();
                }
            });
            if (found is not null) { return found; }
            await store.Write(Refill);
        }
    }

    private Dictionary<string, long> CountBy(SqliteSession session, string index)
    {
        using var reader = session.Prepared($"SELECT value, COUNT(*) FROM {indexTable} WHERE name = $name GROUP BY value", ("$name", index)).ExecuteReader();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (reader.Read()) { counts[reader.GetString(0)] = reader.GetInt64(1); }
        return counts;
    }

    private void Require(string index, string parameter)
    {
        if (!indexes.ContainsKey(index)) { throw new ArgumentException($"{typeof(T).Name} declares no index '{index}'.", parameter); }
    }

    private DocumentPage<T> Query(SqliteSession session, IReadOnlyDictionary<string, string>? equal, string? after, int limit, bool descending)
    {
        using var command = session.Command("");
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

    private bool Save(SqliteSession session, T saved, string body, object pending, List<(string Name, string Value)> values)
    {
        var command = saved.Version == 1
            ? session.Prepared(insert, ("$id", saved.Id), ("$pending", pending), ("$body", body))
            : session.Prepared(update, ("$id", saved.Id), ("$version", saved.Version), ("$pending", pending), ("$body", body));
        if (command.ExecuteNonQuery() == 0) { return false; }
        if (indexes.Count == 0) { return true; }
        if (saved.Version != 1) { RemoveIndex(session, saved.Id); }
        AddIndex(session, saved.Id, values);
        session.Prepared(indexed, ("$id", saved.Id)).ExecuteNonQuery();
        return true;
    }

    private bool IsStale(SqliteSession session) => session.Prepared(isStale).ExecuteScalar() is 1L;

    /// <summary>Fills the indexes of documents that a process saved which does not know them.</summary>
    private bool Refill(SqliteSession session)
    {
        var left = new List<(string Index, T Document)>();
        using (var command = session.Command($"SELECT s.name, d.version, d.body FROM {staleTable} s JOIN {table} d ON d.id = s.id WHERE s.name IN ({ownIndexes})"))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read()) { left.Add((reader.GetString(0), Document(reader, 1))); }
        }
        foreach (var (index, document) in left)
        {
            session.Prepared($"DELETE FROM {indexTable} WHERE id = $id AND name = $name", ("$id", document.Id), ("$name", index)).ExecuteNonQuery();
            if (indexes[index](document) is { } value) { AddIndex(session, document.Id, [(index, value)]); }
        }
        Execute(session, $"DELETE FROM {staleTable} WHERE name IN ({ownIndexes})");
        return true;
    }

    private void AddIndex(SqliteSession session, string id, List<(string Name, string Value)> values)
    {
        foreach (var (name, value) in values) { session.Prepared(addIndex, ("$id", id), ("$name", name), ("$value", value)).ExecuteNonQuery(); }
    }

    private void RemoveIndex(SqliteSession session, string id) => session.Prepared(removeIndex, ("$id", id)).ExecuteNonQuery();

    /// <summary>Makes the tables; an index that is declared for the first time is filled from the documents that exist already.</summary>
    private bool Prepare(SqliteSession session, string name)
    {
        Execute(session, $"""
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
            using var command = session.Command("INSERT OR IGNORE INTO \"~indexes\" (collection, name) VALUES ($collection, $name)");
            command.Parameters.AddWithValue("$collection", name);
            command.Parameters.AddWithValue("$name", index);
            return command.ExecuteNonQuery() == 1;
        }).ToList();
        if (fresh.Count == 0) { return true; }

        using var all = session.Command($"SELECT version, body FROM {table}");
        using var reader = all.ExecuteReader();
        while (reader.Read())
        {
            var document = Document(reader, 0);
            AddIndex(session, document.Id, [.. fresh.Select(index => (index, indexes[index](document))).Where(pair => pair.Item2 is not null).Select(pair => (pair.index, pair.Item2!))]);
        }
        return true;
    }

    private static T Document(SqliteDataReader reader, int column)
    {
        var document = JsonSerializer.Deserialize<T>(reader.GetFieldValue<byte[]>(column + 1), DocumentJson.Options)!;
        var version = reader.GetInt64(column);
        return document.Version == version ? document : document with { Version = version };
    }

    private static void Execute(SqliteSession session, string sql)
    {
        using var command = session.Command(sql);
        command.ExecuteNonQuery();
    }
}
