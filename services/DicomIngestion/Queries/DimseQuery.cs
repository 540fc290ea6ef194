using BoneMet.Dicom;

namespace BoneMet.DicomIngestion.Queries;

/// <summary>C-FIND, C-MOVE and C-GET identifiers to queries, and matches to answers.</summary>
internal static class DimseQuery
{
    /// <exception cref="DicomException">The level is none of STUDY, SERIES, IMAGE.</exception>
    public static SearchQuery Of(DicomDataset identifier)
    {
        var level = identifier.GetSingleValueOrDefault(DicomTag.QueryRetrieveLevel, "").Trim().ToUpperInvariant() switch
        {
            "STUDY" => SearchLevel.Study,
            "SERIES" => SearchLevel.Series,
            "IMAGE" => SearchLevel.Instance,
            var other => throw new DicomException($"the query level '{other}' is not STUDY, SERIES or IMAGE"),
        };
        var match = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in identifier)
        {
            if (item is not DicomElement element || element.Length == 0 || item.Tag == DicomTag.QueryRetrieveLevel || item.Tag == DicomTag.SpecificCharacterSet || item.Tag.Keyword is not { } keyword) { continue; }
            if (identifier.GetString(item.Tag).Trim() is { Length: > 0 } wanted) { match[keyword] = wanted; }
        }
        return new SearchQuery { Level = level, Match = match };
    }

    /// <summary>The requested attributes with the match's values; empty where there is none.</summary>
    public static DicomDataset Answer(DicomDataset identifier, SearchMatch match, string aeTitle)
    {
        var answer = new DicomDataset();
        answer.AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        foreach (var item in identifier)
        {
            if (item.Tag.Element == 0 || item.Tag.Keyword is not { } keyword || item is not DicomElement || item.Tag == DicomTag.SpecificCharacterSet) { continue; }
            if (item.Tag == DicomTag.QueryRetrieveLevel) { answer.AddOrUpdate(item); }
            else if (item.Tag == DicomTag.RetrieveAETitle) { answer.AddOrUpdate(item.Tag, aeTitle); }
            else { Set(answer, item.Tag, match.Value(keyword)); }
        }
        answer.AddOrUpdate(DicomTag.RetrieveAETitle, aeTitle);
        return answer;
    }

    /// <summary>Sets a value with the dictionary's VR; text that does not fit it is left empty.</summary>
    public static void Set(DicomDataset answer, DicomTag tag, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            answer.AddOrUpdateEmpty(tag);
            return;
        }
        var vr = DicomDictionary.VR(tag);
        if (vr == DicomVR.US && ushort.TryParse(value, out var number)) { answer.AddOrUpdate(tag, number); }
        else if (vr.IsText) { answer.AddOrUpdate<string>(tag, value.Split('\\')); }
        else { answer.AddOrUpdateEmpty(tag); }
    }
}
