using Microsoft.Data.Sqlite;

namespace BoneMet.Cli.Backup;

/// <summary>A consistent copy of the documents of a running platform, by SQLite's online backup.</summary>
internal static class DocumentSnapshot
{
    public const string FileName = "documents.db";

    public static void Take(string database, string copy)
    {
        using var from = Open(database, SqliteOpenMode.ReadWrite);
        using var to = Open(copy, SqliteOpenMode.ReadWriteCreate);
        from.BackupDatabase(to);

        // One file, without a write-ahead log beside it.
        Execute(to, "PRAGMA journal_mode = DELETE");
    }

    /// <summary>Documents by collection; a damaged file is an error that names the damage.</summary>
    public static IReadOnlyDictionary<string, long> Examine(string database)
    {
        using var connection = Open(database, SqliteOpenMode.ReadOnly);
        try
        {
            if (Text(connection, "PRAGMA integrity_check") is [var verdict, ..] && verdict != "ok") { throw new CliFailure($"the documents are damaged: {verdict}"); }
            return Text(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%~%' AND name NOT LIKE 'sqlite_%' ORDER BY name")
                .ToDictionary(name => name, name => long.Parse(Text(connection, $"SELECT count(*) FROM \"{name}\"")[0], System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (SqliteException fault) { throw new CliFailure($"the documents are damaged: {fault.Message}"); }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 60 }.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<string> Text(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) { rows.Add(reader.GetValue(0).ToString() ?? ""); }
        return rows;
    }
}
