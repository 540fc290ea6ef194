using System.Diagnostics.CodeAnalysis;

namespace BoneMet.NomogramAggregation.Models;

/// <summary>One version of one model.</summary>
internal sealed record ModelReference(string Id, string Version)
{
    /// <summary>Reads "id@version".</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ModelReference? reference)
    {
        var at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        reference = at > 0 && at < text!.Length - 1 ? new(text[..at], text[(at + 1)..]) : null;
        return reference is not null;
    }

    public override string ToString() => $"{Id}@{Version}";
}
