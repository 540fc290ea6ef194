using Microsoft.Data.Sqlite;

namespace BoneMet.Storage.Sqlite;

/// <summary>A connection with its prepared statements: the few that every document needs are compiled once. Used by one thread at a time.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : IAsyncDisposable
{
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);
    private SqliteTransaction? transaction;

    public SqliteConnection Connection { get; } = connection;

    public SqliteTransaction Begin() => transaction = Connection.BeginTransaction(deferred: false);

    /// <summary>A transaction that only reads: all its statements see one state.</summary>
    public SqliteTransaction Snapshot() => transaction = Connection.BeginTransaction(deferred: true);

    /// <summary>A statement of the current transaction, for once; the caller disposes it.</summary>
    public SqliteCommand Command(string sql)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command;
    }

    /// <summary>A statement that is kept compiled, with its parameters in the order of their names; not to be disposed.</summary>
    public SqliteCommand Prepared(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (!prepared.TryGetValue(sql, out var command)) { prepared[sql] = command = Command(sql); }
        command.Transaction = transaction;
        command.Parameters.Clear();
        foreach (var (name, value) in parameters) { command.Parameters.AddWithValue(name, value); }
        return command;
    }

    /// <summary>The transaction is over.</summary>
    public void End() => transaction = null;

    public async ValueTask DisposeAsync()
    {
        foreach (var command in prepared.Values) { await command.DisposeAsync(); }
        await Connection.DisposeAsync();
    }
}
