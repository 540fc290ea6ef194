using SkiaSharp;

namespace BoneMet.RiskModels;

/// <summary>
/// Typefaces for PDF, from font files of the machine (CJK fonts are too large to keep in the repository, and our Skia has no fontconfig); the glyphs that are used
/// are embedded. Debian: fonts-dejavu-core, and fonts-wqy-microhei or fonts-noto-cjk. BONEMET_FONTS names a further folder.
/// </summary>
internal static class ReportFonts
{
    private static readonly string[] Folders = ["/usr/share/fonts", "/usr/local/share/fonts"];

    // File and, in a collection, the face for simplified Chinese.
    private static readonly (string File, int Face)[] LatinFiles = [("DejaVuSans.ttf", 0), ("NotoSans-Regular.ttf", 0), ("LiberationSans-Regular.ttf", 0)];
    private static readonly (string File, int Face)[] ChineseFiles = [("NotoSansCJK-Regular.ttc", 2), ("wqy-microhei.ttc", 0), ("NotoSansSC-Regular.otf", 0), ("DroidSansFallbackFull.ttf", 0)];
    private static readonly Lazy<Dictionary<string, string>> Files = new(Find);
    private static readonly Lazy<SKTypeface?> Latin = new(() => Load(LatinFiles));
    private static readonly Lazy<SKTypeface?> Chinese = new(() => Load(ChineseFiles));

    /// <summary>Why a language cannot be written here, or null.</summary>
    public static string? Hindrance(string language) => language switch
    {
        _ when Latin.Value is null => "no font with Latin and Cyrillic characters is installed (Debian: fonts-dejavu-core)",
        "zh" or "zh-CN" when Chinese.Value is null => "no font with Chinese characters is installed (Debian: fonts-wqy-microhei or fonts-noto-cjk)",
        _ => null,
    };

    /// <summary>Runs of text with the typeface that has their characters.</summary>
    public static IEnumerable<(string Text, SKTypeface Face)> Runs(string text)
    {
        var start = 0;
        var chinese = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var now = i < text.Length && text[i] >= '\u2E80' && Chinese.Value is not null;
            if (i == text.Length || (now != chinese && i > start))
            {
                if (i > start) { yield return (text[start..i], (chinese ? Chinese.Value : Latin.Value) ?? SKTypeface.Default); }
                start = i;
            }
            chinese = now;
        }
    }

    private static SKTypeface? Load((string File, int Face)[] candidates)
    {
        foreach (var (file, face) in candidates)
        {
            if (Files.Value.TryGetValue(file, out var path) && SKTypeface.FromFile(path, face) is { } typeface) { return typeface; }
        }
        return null;
    }

    private static Dictionary<string, string> Find()
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string[] folders = Environment.GetEnvironmentVariable("BONEMET_FONTS") is { Length: > 0 } own ? [own, .. Folders] : Folders;
        foreach (var folder in folders.Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*.?t?", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })) { found.TryAdd(Path.GetFileName(path), path); }
        }
        return found;
    }
}
