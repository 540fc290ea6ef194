using System.CommandLine;

namespace BoneMet.Cli.Cases;

/// <summary>`bonemet case export`: a case's report in the forms that other systems take.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("case") { Description = "Id of the case" };
        var forms = new (Option<string?> File, string Path, bool HasLanguage, bool HasStudy)[]
        {
            (new("--sr") { Description = "DICOM structured report (TID 1500) to write", HelpName = "FILE.dcm" }, "report.sr.dcm", false, true),
            (new("--pdf-dicom") { Description = "DICOM Encapsulated PDF to write", HelpName = "FILE.dcm" }, "report.pdf.dcm", true, true),
            (new("--pdf") { Description = "PDF to write", HelpName = "FILE.pdf" }, "report.pdf", true, false),
            (new("--html") { Description = "HTML page to write", HelpName = "FILE.html" }, "report", true, false),
            (new("--fhir") { Description = "FHIR R4 bundle to write", HelpName = "FILE.json" }, "fhir", true, false),
        };
        var language = new Option<string>("--language") { Description = "en, zh or ru", DefaultValueFactory = _ => "en" };
        language.AcceptOnlyFromAmong("en", "zh", "ru");
        var study = new Option<string?>("--study") { Description = "StudyInstanceUID to file the DICOM objects under", HelpName = "UID" };
        var platform = new PlatformOptions();
        var command = new Command("export", "Write a case's report: DICOM SR, Encapsulated PDF, PDF, HTML, FHIR; `bonemet dicom send` sends the DICOM ones") { id, language, study };
        foreach (var form in forms) { command.Add(form.File); }
        foreach (var option in platform.All) { command.Add(option); }
        command.SetAction(async (parsed, cancellation) =>
        {
            var wanted = forms.Where(form => parsed.GetValue(form.File) is not null).ToList();
            if (wanted.Count == 0) { throw new CliFailure($"Say what to write: {string.Join(", ", forms.Select(form => form.File.Name))}."); }
            using var client = platform.Connect(parsed);
            foreach (var form in wanted)
            {
                var query = new List<string>();
                if (form.HasLanguage) { query.Add($"language={parsed.GetValue(language)}"); }
                if (form.HasStudy && parsed.GetValue(study) is { } uid) { query.Add($"studyInstanceUid={Uri.EscapeDataString(uid)}"); }
                var file = parsed.GetValue(form.File)!;
                await client.Download($"cases/{Uri.EscapeDataString(parsed.GetValue(id)!)}/{form.Path}{(query.Count > 0 ? $"?{string.Join('&', query)}" : "")}", file, cancellation);
                Console.WriteLine(file);
            }
            return 0;
        });
        return command;
    }
}
