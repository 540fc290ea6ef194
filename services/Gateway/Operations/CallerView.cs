namespace BoneMet.Gateway.Operations;

/// <summary>Whose key this is.</summary>
internal sealed record CallerView(string Site, bool IsOperator);
