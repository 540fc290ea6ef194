namespace BoneMet.RiskModels;

/// <summary>One thing wrong with a model document, where (JSON pointer, RFC 6901), and why.</summary>
public sealed record ModelFault(string JsonPointer, string Reason)
{
    public override string ToString() => $"{(JsonPointer.Length == 0 ? "(document)" : JsonPointer)}: {Reason}";
}
