using System.Text.Json;

namespace BoneMet.Storage;

internal static class CollectionName
{
    /// <summary>The type's name in kebab case; letters, digits and hyphens only, so that it can stand in SQL.</summary>
    public static string Of(Type type)
    {
        var name = type.Name.Split('`')[0];
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) { throw new ArgumentException($"The type name '{type.Name}' cannot name a collection.", nameof(type)); }
        return JsonNamingPolicy.KebabCaseLower.ConvertName(name);
    }
}
