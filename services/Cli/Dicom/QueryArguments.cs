using System.CommandLine;
using BoneMet.Dicom;

namespace BoneMet.Cli.Dicom;

/// <summary>Level and keys of a query.</summary>
internal sealed class QueryArguments(string keysDescription)
{
    private readonly Option<string> level = new("--level") { Description = "STUDY, SERIES or IMAGE", DefaultValueFactory = _ => "STUDY" };
    private readonly Option<string[]> keys = new("-k", "--key") { Description = keysDescription };

    public void AddTo(Command command)
    {
        command.Add(level);
        command.Add(keys);
    }

    /// <summary>The query's identifier, or what is wrong with it.</summary>
    public string? Read(ParseResult parsed, out DicomDataset query)
    {
        query = new DicomDataset();
        var wanted = parsed.GetValue(level)!.ToUpperInvariant();
        if (wanted is not ("STUDY" or "SERIES" or "IMAGE")) { return $"--level must be STUDY, SERIES or IMAGE, not '{parsed.GetValue(level)}'"; }
        query.AddOrUpdate(DicomTag.QueryRetrieveLevel, wanted);
        foreach (var key in (string[])["StudyInstanceUID", .. parsed.GetValue(keys) ?? []])
        {
            var equals = key.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? key : key[..equals];
            if (!DicomTag.TryParse(name, out var tag)) { return $"'{name}' is no DICOM attribute"; }
            if (equals < 0) { query.AddOrUpdateEmpty(tag.Value); }
            else { query.AddOrUpdate<string>(tag.Value, key[(equals + 1)..].Split('\\')); }
        }
        return null;
    }
}
