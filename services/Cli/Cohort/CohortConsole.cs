using BoneMet.Cohorts.Studies;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cli.Cohort;

/// <summary>What all cohort commands say in the same way.</summary>
internal static class CohortConsole
{
    private const int BadInput = 2;
    private const int Cancelled = 130;
    private const int ListedRejections = 5;

    /// <summary>Runs a command; bad input is one sentence on standard error and exit code 2.</summary>
    public static async Task<int> Run(Func<Task<int>> work)
    {
        try { return await work(); }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("cohort: cancelled; nothing was written.");
            return Cancelled;
        }
        catch (Exception exception) when (StudyFaults.IsForCaller(exception) || exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"cohort: {exception.Message}");
            return BadInput;
        }
    }

    /// <summary>Refuses a target whose folder does not exist, before the work rather than after it.</summary>
    public static void RequireFolder(string? target)
    {
        if (target is null or "-") { return; }
        if (Directory.Exists(target)) { throw new StudyException($"{target} is a folder, not a file."); }
        if (Path.GetDirectoryName(Path.GetFullPath(target)) is { } folder && !Directory.Exists(folder)) { throw new StudyException($"The folder of {target} does not exist."); }
    }

    public static void Rejections(LoadedTable loaded)
    {
        foreach (var note in loaded.Notes) { Console.Error.WriteLine($"note: {note}"); }
        if (loaded.RejectionCount == 0) { return; }
        Console.Error.WriteLine($"note: {loaded.RejectionCount} {(loaded.RejectionCount == 1 ? "cell was" : "cells were")} not taken and {(loaded.RejectionCount == 1 ? "counts" : "count")} as missing:");
        foreach (var cell in loaded.Rejections.Take(ListedRejections)) { Console.Error.WriteLine($"  row {cell.Row}{(cell.Column.Length > 0 ? $", {cell.Column}: '{cell.Text}'" : ":")} {cell.Reason}"); }
        if (loaded.RejectionCount > ListedRejections) { Console.Error.WriteLine($"  … all are listed in the results (--json)"); }
    }

    public static void Warnings(StudyResult result)
    {
        foreach (var warning in result.Warnings) { Console.Error.WriteLine($"warning: {warning}"); }
    }
}
