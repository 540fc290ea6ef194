using System.CommandLine;
using System.Globalization;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

internal static class WorklistModel
{
    public static Command Create()
    {
        var scored = new Option<string>("--scored") { Description = "CSV that 'model score' wrote", Required = true };
        var threshold = new Option<double?>("--threshold") { Description = "Everybody at or above this risk (0–1)" };
        var capacity = new Option<int?>("--scans") { Description = "So many bone scans can be done" };
        var command = new Command("worklist", "Whom to scan first, and what that is expected to find") { scored, threshold, capacity };
        command.SetAction(parse => ModelConsole.Run(() =>
        {
            var (cut, scans) = (parse.GetValue(threshold), parse.GetValue(capacity));
            if (cut is null == scans is null) { throw new ModelCommandException("give either --threshold or --scans"); }
            if (cut is not null and not (>= 0 and < 1)) { throw new ModelCommandException("--threshold must be at least 0 and below 1"); }
            if (scans < 0) { throw new ModelCommandException("--scans must not be negative"); }
            using var reader = new StreamReader(parse.GetValue(scored)!);
            var cases = ScoredTable.Read(reader);
            var list = cut is { } t ? Worklist.ByThreshold(cases, t) : Worklist.ByCapacity(cases, scans!.Value);
            foreach (var one in list.Selected) { Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Id},{one.Probability:0.######}")); }
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{list.Selected.Count} of {list.Cases} cases, risk from {list.Threshold:0.####}; expected: {list.ExpectedFound:0.0} found, {list.ExpectedMissed:0.0} missed, {list.ScansPerEvent:0.0} scans for each (as far as the model is calibrated here)"));
            return 0;
        }));
        return command;
    }
}
