using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace BoneMet.FunctionalTests.Deploy;

/// <summary>YAML as maps and lists, anchors and merge keys resolved.</summary>
internal static class Yaml
{
    public static Dictionary<object, object> Load(params ReadOnlySpan<string> path)
    {
        using var reader = new StreamReader(Path.Combine([TestData.Root, .. path]));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(reader)));
    }

    public static Dictionary<object, object> Map(this Dictionary<object, object> map, string key) => (Dictionary<object, object>)map[key];

    public static List<object> List(this Dictionary<object, object> map, string key) => map.TryGetValue(key, out var list) ? (List<object>)list : [];

    public static string Text(this Dictionary<object, object> map, string key) => map.TryGetValue(key, out var text) ? (string)text : "";
}
