namespace BoneMet.Statistics.Tables;

/// <summary>A table, or its use, is not possible; the message is one sentence for the person who owns the file.</summary>
public sealed class TableException(string message) : Exception(message);
