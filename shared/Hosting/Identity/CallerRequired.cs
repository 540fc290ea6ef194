namespace BoneMet.Hosting;

internal sealed record CallerRequired(bool OperatorOnly);
