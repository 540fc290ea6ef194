using System.Text;

namespace BoneMet.Cli.Images;

/// <summary>A file of values for the chart that names images by what they are, not by a tag that could be moved to another.</summary>
internal static class DigestValues
{
    public const string FileName = "values-digests.yaml";

    public static string Text(string registry, string tag, BuildStamp stamp, IReadOnlyDictionary<string, string> digests)
    {
        var text = new StringBuilder();
        text.Append($"# Pushed by `bonemet images --push`, of commit {stamp.Revision}; goes after the profile: helm upgrade ... -f {FileName}\n");
        text.Append($"image:\n  registry: \"{registry}\"\n  tag: \"{tag}\"\n  digests:\n");
        foreach (var (name, digest) in digests.OrderBy(pair => pair.Key, StringComparer.Ordinal)) { text.Append($"    {name}: {digest}\n"); }
        return text.ToString();
    }
}
