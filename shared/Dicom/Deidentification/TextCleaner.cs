using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace BoneMet.Dicom.Deidentification;

/// <summary>Reduces free text to words that are known to say nothing about a person: the vocabulary, and numbers of at most three digits.</summary>
internal static class TextCleaner
{
    private const string Resource = "BoneMet.Dicom.Deidentification.vocabulary.txt";
    private const int LongestNumber = 3;
    private static readonly Lazy<FrozenSet<string>> Vocabulary = new(Load);

    /// <param name="text">Text in any script.</param>
    /// <param name="identity">Words of this patient's identity (lower case), which never stay even if the vocabulary has them.</param>
    /// <param name="extra">Further words that may stay (lower case).</param>
    public static string Clean(string text, IReadOnlySet<string> identity, IReadOnlySet<string> extra)
    {
        var kept = new StringBuilder(text.Length);
        var at = 0;
        while (at < text.Length)
        {
            if (IsWordCharacter(text[at]))
            {
                var end = at;
                while (end < text.Length && IsWordCharacter(text[end])) { end++; }
                var word = text[at..end];
                if (Stays(word.ToLowerInvariant(), identity, extra)) { kept.Append(word); }
                at = end;
                continue;
            }
            // Separators stay between words that stay, so that GTV_Mass is still GTV_Mass.
            if (text[at] is ' ' or '_' or '-' or '/' or '+' or '.' or ',' or '(' or ')' && kept.Length > 0) { kept.Append(text[at]); }
            at++;
        }
        return Tidy(kept.ToString());
    }

    /// <summary>Words of a text in lower case, for the list of what identifies the patient.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (!IsWordCharacter(text[at]))
            {
                at++;
                continue;
            }
            var end = at;
            while (end < text.Length && IsWordCharacter(text[end])) { end++; }
            yield return text[at..end].ToLowerInvariant();
            at = end;
        }
    }

    private static bool Stays(string word, IReadOnlySet<string> identity, IReadOnlySet<string> extra)
    {
        // A word that the submitter vouches for stays if it is also a technical one: "CT" in a region's name, where the patient is called "Phantom_CT".
        if (identity.Contains(word)) { return extra.Contains(word) && Vocabulary.Value.Contains(word); }
        if (word.All(char.IsAsciiDigit)) { return word.Length <= LongestNumber; }
        if (Vocabulary.Value.Contains(word) || extra.Contains(word)) { return true; }
        // "5mm", "T2w3": a number with a known unit or word.
        var digits = word.TakeWhile(char.IsAsciiDigit).Count();
        return digits is > 0 and <= LongestNumber && Vocabulary.Value.Contains(word[digits..]);
    }

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Runs of separators that removed words leave behind become one.</summary>
    private static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c) && (tidy.Length == 0 || !char.IsLetterOrDigit(tidy[^1]))) { continue; }
            tidy.Append(c);
        }
        return tidy.ToString().TrimEnd(' ', '_', '-', '/', '+', '.', ',', '(', ')');
    }

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(TextCleaner).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        using var reader = new StreamReader(stream);
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) { continue; }
            foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries)) { words.UnionWith(Words(word)); }
        }
        return words.ToFrozenSet(StringComparer.Ordinal);
    }
}
