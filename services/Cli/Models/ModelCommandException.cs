namespace BoneMet.Cli.Models;

/// <summary>Bad input to a model command, as one sentence.</summary>
internal sealed class ModelCommandException(string message) : Exception(message);
