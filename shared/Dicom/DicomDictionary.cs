namespace BoneMet.Dicom;

/// <summary>The data dictionary of PS3.6: VR and keyword by tag, tag by keyword.</summary>
public static partial class DicomDictionary
{
    private static readonly Lazy<string[]> s_keywords = new(() => Keywords.Split('\n'));
    private static readonly Lazy<Dictionary<string, DicomTag>> s_byKeyword = new(IndexKeywords);

    /// <summary>VR of a tag; where PS3.6 leaves a choice, US, OW; UN for what it does not know.</summary>
    public static DicomVR VR(DicomTag tag) => VR(tag, signed: false);

    /// <summary>Keyword of PS3.6, or null.</summary>
    public static string? Keyword(DicomTag tag)
    {
        var index = Tags.BinarySearch(tag.Value);
        if (index >= 0) { return s_keywords.Value[index]; }
        foreach (var (mask, value, keyword, _) in s_repeating)
        {
            if ((tag.Value & mask) == value && !tag.IsPrivate) { return keyword; }
        }
        return null;
    }

    /// <summary>Tag of a keyword, or null. Of repeating groups it is the first.</summary>
    public static DicomTag? Find(string keyword) => s_byKeyword.Value.TryGetValue(keyword, out var tag) ? tag : null;

    internal static DicomVR VR(DicomTag tag, bool signed)
    {
        if (tag.Element == 0) { return DicomVR.UL; }
        if (tag.IsPrivate) { return tag.IsPrivateCreator ? DicomVR.LO : DicomVR.UN; }
        var index = Tags.BinarySearch(tag.Value);
        if (index >= 0) { return Resolve(Vrs[2 * index], Vrs[(2 * index) + 1], signed); }
        foreach (var (mask, value, _, vr) in s_repeating)
        {
            if ((tag.Value & mask) == value) { return Resolve((byte)vr[0], (byte)vr[1], signed); }
        }
        return DicomVR.UN;
    }

    /// <summary>US or SS, by Pixel Representation.</summary>
    internal static bool IsAmbiguous(DicomTag tag)
    {
        var index = Tags.BinarySearch(tag.Value);
        return index >= 0 && Vrs[2 * index] == 'x';
    }

    internal static bool IsKnown(DicomTag tag) => Tags.BinarySearch(tag.Value) >= 0;

    private static DicomVR Resolve(byte first, byte second, bool signed) => first switch
    {
        (byte)'x' => signed ? DicomVR.SS : DicomVR.US,
        (byte)'o' => DicomVR.OW,
        (byte)'l' => DicomVR.OW,
        _ => DicomVR.FromLetters(first, second) ?? DicomVR.UN,
    };

    private static Dictionary<string, DicomTag> IndexKeywords()
    {
        var keywords = s_keywords.Value;
        var index = new Dictionary<string, DicomTag>(keywords.Length + s_repeating.Length, StringComparer.Ordinal);
        for (var i = 0; i < Tags.Length; i++) { index[keywords[i]] = new DicomTag(Tags[i]); }
        foreach (var (_, value, keyword, _) in s_repeating) { index.TryAdd(keyword, new DicomTag(value)); }
        return index;
    }
}
