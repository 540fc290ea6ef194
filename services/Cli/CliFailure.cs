namespace BoneMet.Cli;

/// <summary>Something the user can mend: one sentence on standard error, exit code 2.</summary>
internal sealed class CliFailure(string message) : Exception(message);
