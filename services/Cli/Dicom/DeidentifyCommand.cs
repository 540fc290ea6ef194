using System.CommandLine;
using System.Security.Cryptography;
using BoneMet.Dicom;
using BoneMet.Dicom.Deidentification;
using Spectre.Console;

namespace BoneMet.Cli.Dicom;

/// <summary>bonemet dicom deidentify IN OUT: files and folders by the PS3.15 Annex E basic profile; nothing is written that the verifier finds fault with.</summary>
internal static class DeidentifyCommand
{
    private const int Bad = 2;

    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "DICOM file or folder" };
        var output = new Argument<string>("OUT") { Description = "File or folder to write" };
        var preview = new Option<bool>("--preview") { Description = "Show before and after of the first file as a table; write nothing" };
        var key = new Option<string?>("--key-file") { Description = "Secret for pseudonyms, 32 bytes or more; made when missing (default: ~/.bonemet/deidentification.key)" };
        var risky = new Option<bool>("--allow-risky-pixels") { Description = "Also write secondary captures, ultrasound and documents, whose pixels may show the patient's name" };
        var command = new Command("deidentify", "Remove identity from DICOM files (PS3.15 Annex E)") { input, output, preview, key, risky };
        command.SetAction(parsed => Run(parsed.GetValue(input)!, parsed.GetValue(output)!, parsed.GetValue(preview), parsed.GetValue(key), parsed.GetValue(risky)));
        return command;
    }

    private static int Run(string input, string output, bool preview, string? keyFile, bool risky)
    {
        if (!File.Exists(input) && !Directory.Exists(input)) { return Refuse($"{input}: there is no such file or folder"); }
        if (Key(keyFile) is not { } key) { return Refuse($"{keyFile}: a key needs {Pseudonymizer.KeyBytes} bytes or more"); }
        var options = DeidentificationOptions.Default with { HoldBackRiskyPixels = !risky, RecordChanges = preview };
        var deidentifier = new Deidentifier(options, key);
        var files = Directory.Exists(input) ? Directory.EnumerateFiles(input, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList() : [input];
        if (preview) { return Preview(files, deidentifier); }

        var (written, used) = (0, new HashSet<string>(StringComparer.Ordinal));
        var code = DicomFiles.ForEach(files, path =>
        {
            var file = DicomFile.Open(path);
            if (file.Fault is { } fault) { throw fault; }
            if (file.Dataset.Contains(DicomTag.DirectoryRecordSequence)) { throw new DicomException("a DICOMDIR names patients and files; it is not taken along"); }
            var result = deidentifier.Apply(file.Dataset);
            if (result.HeldBack is { } reason) { throw new DicomException($"held back: {reason}"); }
            // Names of files and folders often name the patient: ours come from the new UID.
            var target = Directory.Exists(input) || Directory.Exists(output) ? Path.Combine(output, $"{result.Dataset.GetSingleValueOrDefault(DicomTag.SOPInstanceUID, $"instance-{written + 1}")}.dcm") : output;
            if (!used.Add(target)) { throw new DicomException("another file has the same SOP Instance UID"); }
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
            var part = $"{target}.part";
            try
            {
                using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write)) { new DicomFile(result.Dataset, file.TransferSyntax).Save(stream); }
                var findings = DeidentificationVerifier.Verify(DicomFile.Open(part), file.Dataset, result, options);
                if (findings.Count > 0) { throw new DicomException($"held back, the output could not be verified: {findings[0].Path} {findings[0].Reason}"); }
                File.Move(part, target, overwrite: true);
                written++;
            }
            finally
            {
                File.Delete(part);
            }
        });
        Console.WriteLine($"{written} of {files.Count} file(s) de-identified and verified");
        return code;
    }

    private static int Preview(List<string> files, Deidentifier deidentifier) => DicomFiles.ForEach(files.Take(1), path =>
    {
        var result = deidentifier.Apply(DicomFile.Open(path).Dataset);
        var table = new Table().Border(TableBorder.Simple).AddColumns("Attribute", "Action", "Before", "After");
        foreach (var change in result.Changes) { table.AddRow(Markup.Escape(change.Path), change.Action.ToString(), Markup.Escape(change.Before), Markup.Escape(change.After ?? "(removed)")); }
        AnsiConsole.Write(table);
        if (result.HeldBack is { } reason) { Console.WriteLine($"It would be held back: {reason}"); }
        Console.WriteLine($"{result.Changes.Count} attributes change; dates move by {result.DateOffsetDays} days. Nothing was written.");
    });

    private static byte[]? Key(string? path)
    {
        path ??= Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".bonemet", "deidentification.key");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            file.Write(RandomNumberGenerator.GetBytes(Pseudonymizer.KeyBytes));
            Console.Error.WriteLine($"bonemet: made a new key in {path}; keep it, the same patient gets the same pseudonym only with it");
        }
        var key = File.ReadAllBytes(path);
        return key.Length < Pseudonymizer.KeyBytes ? null : key;
    }

    private static int Refuse(string reason)
    {
        Console.Error.WriteLine($"bonemet: {reason}");
        return Bad;
    }
}
