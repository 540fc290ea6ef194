using System.Text;

namespace BoneMet.Dicom;

/// <summary>Text values: from bytes by character set, and back.</summary>
internal static class DicomText
{
    private static readonly byte[] s_utf8 = "ISO_IR 192"u8.ToArray();

    public static string Decode(DicomDataset dataset, DicomVR vr, ReadOnlySpan<byte> bytes)
    {
        if (vr.UsesCharacterSet && bytes.ContainsAnyExceptInRange((byte)0x1C, (byte)0x7F)) { return Trim(DecodeWith(dataset, bytes), vr); }
        return Trim(Encoding.Latin1.GetString(bytes.TrimEnd((byte)0)), vr);
    }

    /// <summary>Padded to an even length. Text that the set of the data set cannot hold turns the outermost data set to UTF-8 first.</summary>
    public static byte[] Encode(DicomDataset dataset, DicomVR vr, string text)
    {
        byte[]? bytes;
        if (!vr.UsesCharacterSet)
        {
            bytes = Encoding.Latin1.GetBytes(text);
        }
        else
        {
            bytes = dataset.CharacterSet.Encode(text);
            if (bytes is null)
            {
                var root = dataset;
                while (root.Parent is { } parent) { root = parent; }
                ToUtf8(root);
                bytes = Encoding.UTF8.GetBytes(text);
            }
        }
        return Pad(bytes, vr);
    }

    public static void ToUtf8(DicomDataset dataset)
    {
        Convert(dataset);
        dataset.AddOrUpdate(new DicomElement(DicomTag.SpecificCharacterSet, DicomVR.CS, s_utf8));
    }

    private static void Convert(DicomDataset dataset)
    {
        // The set is asked for once, before any element changes; nested items inherit the old one until they are done themselves.
        var items = dataset.Span;
        for (var i = 0; i < items.Length; i++)
        {
            switch (items[i])
            {
                case DicomSequence sequence:
                    foreach (var item in sequence.Items) { Convert(item); }
                    break;
                case DicomElement element when element.VR.UsesCharacterSet && element.Length > 0 && !IsPlain(element.Span):
                    dataset.Replace(i, new DicomElement(element.Tag, element.VR, Pad(Encoding.UTF8.GetBytes(Decode(dataset, element.VR, element.Span)), element.VR)));
                    break;
                default:
                    break;
            }
        }
        if (dataset.Parent is not null && dataset.Contains(DicomTag.SpecificCharacterSet)) { dataset.Remove(DicomTag.SpecificCharacterSet); }
    }

    private static bool IsPlain(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExceptInRange((byte)0, (byte)0x7F) && !bytes.Contains((byte)0x1B);

    public static byte[] Pad(byte[] bytes, DicomVR vr)
    {
        if (bytes.Length % 2 == 0) { return bytes; }
        var length = bytes.Length;
        Array.Resize(ref bytes, length + 1);
        bytes[length] = vr.Padding;
        return bytes;
    }

    private static string DecodeWith(DicomDataset dataset, ReadOnlySpan<byte> bytes)
    {
        var set = dataset.CharacterSet;
        var root = dataset;
        while (root.Parent is { } parent && root.FallbackCharacterSet is null) { root = parent; }
        return root.FallbackCharacterSet is { } fallback && !set.CanDecode(bytes) ? fallback.Decode(bytes) : set.Decode(bytes);
    }

    /// <summary>Padding is no part of a value: trailing spaces and NUL; leading spaces too where PS3.5 says they do not count.</summary>
    private static string Trim(string text, DicomVR vr) => vr.Code switch
    {
        "LT" or "ST" or "UT" or "UC" or "UR" or "PN" => text.TrimEnd(' ', '\0'),
        "UI" => text.Trim(' ', '\0'),
        _ => text.Contains('\\', StringComparison.Ordinal) ? TrimEach(text) : text.Trim(' ', '\0'),
    };

    private static string TrimEach(string text)
    {
        var parts = text.Split('\\');
        for (var i = 0; i < parts.Length; i++) { parts[i] = parts[i].Trim(' ', '\0'); }
        return string.Join('\\', parts);
    }
}
