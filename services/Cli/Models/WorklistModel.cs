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
        var perFound = new Option<double?>("--scans-per-found") { Description = "So many scans one would do to find one metastasis: the threshold of the decision curve" };
        var capacity = new Option<int?>("--scans") { Description = "So many bone scans can be done" };
        var curve = new Option<bool>("--curve") { Description = "Print the expected decision curve, too" };
        var command = new Command("worklist", "Whom to scan first, and what that is expected to find") { scored, threshold, perFound, capacity, curve };
        command.SetAction(parse => ModelConsole.Run(() =>
        {
            var (cut, each, scans) = (parse.GetValue(threshold), parse.GetValue(perFound), parse.GetValue(capacity));
            if (new object?[] { cut, each, scans }.Count(given => given is not null) != 1) { throw new ModelCommandException("give one of --threshold, --scans-per-found and --scans"); }
            if (each is not (null or > 1)) { throw new ModelCommandException("--scans-per-found must be above 1"); }
            cut ??= each is { } many ? ExpectedBenefit.ThresholdOf(many) : null;
            if (cut is not null and not (>= 0 and < 1)) { throw new ModelCommandException("--threshold must be at least 0 and below 1"); }
            if (scans < 0) { throw new ModelCommandException("--scans must not be negative"); }
            using var reader = new StreamReader(parse.GetValue(scored)!);
            var cases = ScoredTable.Read(reader);
            var list = cut is { } t ? Worklist.ByThreshold(cases, t) : Worklist.ByCapacity(cases, scans!.Value);
            foreach (var one in list.Selected) { Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Id},{one.Probability:0.######}")); }
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{list.Selected.Count} of {list.Cases} cases, risk from {list.Threshold:0.####}; expected: {list.ExpectedFound:0.0} found, {list.ExpectedMissed:0.0} missed, {list.ScansPerEvent:0.0} scans for each (as far as the model is calibrated here)"));
            if (parse.GetValue(curve))
            {
                Console.Error.WriteLine("threshold  by risk  everybody  (expected net benefit per case; nobody: 0)");
                foreach (var point in ExpectedBenefit.Curve(cases)) { Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{point.Threshold,9:0.###}  {point.Selected,7:0.0000}  {point.Everybody,9:0.0000}")); }
            }
            return 0;
        }));
        return command;
    }
}
