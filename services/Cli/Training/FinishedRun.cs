using System.Text;
using System.Text.Json.Nodes;

namespace BoneMet.Cli.Training;

/// <summary>What happens to a run when the training job is done: its report is written, and an encoder whose added value is not shown is put aside, or marked when it is wanted all the same.</summary>
internal static class FinishedRun
{
    private const string NotShown = "added value not shown";

    /// <returns>0 when the package may be published, 3 when it was put aside.</returns>
    public static int Judge(DirectoryInfo run, bool force)
    {
        var report = RunReport.Of(run);
        File.WriteAllText(Path.Combine(run.FullName, "report.txt"), report.Text + "\n");
        Console.Error.WriteLine(report.Text);
        if (report.Shown) { return 0; }
        foreach (var card in run.GetFiles("*.card.json"))
        {
            if (force) { Mark(card); } else { PutAside(card); }
        }
        if (force) { return 0; }
        Console.Error.WriteLine($"bonemet: the added value is not shown, so the package lies in {Path.Combine(run.FullName, "unpublished")}; --force publishes it and says so in its marking.");
        return 3;
    }

    private static void Mark(FileInfo card)
    {
        var document = JsonNode.Parse(File.ReadAllBytes(card.FullName))!;
        var marking = document["marking"]!.GetValue<string>();
        if (marking.Contains(NotShown, StringComparison.Ordinal)) { return; }
        document["marking"] = $"{NotShown}; {marking}";
        File.WriteAllText(card.FullName, document.ToJsonString(new() { WriteIndented = true }) + "\n", new UTF8Encoding(false));
    }

    private static void PutAside(FileInfo card)
    {
        var aside = Directory.CreateDirectory(Path.Combine(card.DirectoryName!, "unpublished")).FullName;
        var model = EncoderPackageFile.Read(card.FullName).ModelPath;
        File.Move(model, Path.Combine(aside, Path.GetFileName(model)), overwrite: true);
        card.MoveTo(Path.Combine(aside, card.Name), overwrite: true);
    }
}
