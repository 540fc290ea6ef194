using System.Text.Json;

namespace BoneMet.NomogramAggregation.RecomputeCase;

/// <summary>Names the first place at which two JSON values differ.</summary>
internal static class JsonDifference
{
    /// <summary>"/probability is 0.21, now 0.22"; "order or form of the text" when no value differs.</summary>
    public static string First(JsonElement before, JsonElement after) => Find("", before, after) ?? "order or form of the text";

    private static string? Find(string pointer, JsonElement before, JsonElement after)
    {
        if (before.ValueKind != after.ValueKind) { return Told(pointer, before, after); }
        switch (before.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var name in before.EnumerateObject().Concat(after.EnumerateObject()).Select(property => property.Name).Distinct())
                {
                    var there = before.TryGetProperty(name, out var one);
                    if (there != after.TryGetProperty(name, out var other)) { return $"{pointer}/{name} is {(there ? "gone" : "new")}"; }
                    if (Find($"{pointer}/{name}", one, other) is { } inner) { return inner; }
                }
                return null;
            case JsonValueKind.Array:
                if (before.GetArrayLength() != after.GetArrayLength()) { return $"{pointer} has {before.GetArrayLength()} items, now {after.GetArrayLength()}"; }
                for (var i = 0; i < before.GetArrayLength(); i++)
                {
                    if (Find($"{pointer}/{i}", before[i], after[i]) is { } inner) { return inner; }
                }
                return null;
            default:
                return before.GetRawText() == after.GetRawText() ? null : Told(pointer, before, after);
        }
    }

    private static string Told(string pointer, JsonElement before, JsonElement after) => $"{pointer} is {Short(before)}, now {Short(after)}";

    private static string Short(JsonElement value) => value.GetRawText() is { Length: > 80 } text ? $"{text[..77]}..." : value.GetRawText();
}
