using System.CommandLine;
using System.Text.Json;
using BoneMet.Cli.Demo;
using BoneMet.Contracts.Api;

namespace BoneMet.Cli.Cases;

/// <summary>`bonemet case recompute`: proves that stored predictions come out again, byte for byte.</summary>
internal static class RecomputeCommand
{
    private const int Different = 1;

    public static Command Create()
    {
        var id = new Argument<string>("case") { Description = "Id of the case" };
        var json = new Option<bool>("--json") { Description = "One JSON array" };
        var platform = new PlatformOptions();
        var command = new Command("recompute", "Compute every prediction of a case again from its stored inputs and compare the bytes; exit code 1 when one differs") { id, json };
        foreach (var option in platform.All) { command.Add(option); }
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = platform.Connect(parsed);
            var answers = await client.Get<IReadOnlyList<RecomputedPrediction>>($"cases/{Uri.EscapeDataString(parsed.GetValue(id)!)}/recomputation", cancellation);
            if (parsed.GetValue(json)) { Console.WriteLine(JsonSerializer.Serialize(answers, PlatformClient.Json)); }
            else { Print(answers); }
            return answers.All(answer => answer.Equal) ? 0 : Different;
        });
        return command;
    }

    private static void Print(IReadOnlyList<RecomputedPrediction> answers)
    {
        foreach (var answer in answers)
        {
            Console.WriteLine($"{answer.PredictionId}  {answer.At:u}  {answer.Role,-10}  {answer.ModelId} {answer.ModelVersion}  {(answer.Equal ? "equal" : "NOT EQUAL")}");
            Console.WriteLine($"  stored      {answer.StoredSha256}");
            if (answer.RecomputedSha256 is { } recomputed) { Console.WriteLine($"  recomputed  {recomputed}"); }
            if (answer.Reason is { } reason) { Console.WriteLine($"  {reason}"); }
        }
        var equal = answers.Count(answer => answer.Equal);
        Console.WriteLine(answers.Count == 0 ? "The case has no prediction." : equal == answers.Count ? $"All {equal} predictions come out byte for byte." : $"{equal} of {answers.Count} predictions come out byte for byte.");
    }
}
