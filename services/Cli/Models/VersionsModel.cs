using System.CommandLine;
using BoneMet.Cli.Cases;
using BoneMet.Cli.Demo;
using BoneMet.Contracts.Api;

namespace BoneMet.Cli.Models;

/// <summary>`bonemet model versions` and `standing`: which versions of a model answer on a platform.</summary>
internal static class VersionsModel
{
    public static Command List()
    {
        var id = new Argument<string>("model") { Description = "Id of the model" };
        var platform = new PlatformOptions();
        var command = new Command("versions", "Every version of a model on a platform: champion, challenger, retired, earlier") { id };
        foreach (var option in platform.All) { command.Add(option); }
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = platform.Connect(parsed);
            Print(await client.Get<PageView<ModelVersionView>>($"models/{Uri.EscapeDataString(parsed.GetValue(id)!)}/versions", cancellation));
            return 0;
        });
        return command;
    }

    public static Command Set()
    {
        var id = new Argument<string>("model") { Description = "Id of the model" };
        var champion = new Option<string?>("--champion") { Description = "The version that answers; left out: the newest that is neither retired nor a challenger" };
        var challenger = new Option<string?>("--challenger") { Description = "The version, or id@version, that is computed beside it" };
        var retired = new Option<string[]>("--retired") { Description = "version=reason of each version that shall answer no more", AllowMultipleArgumentsPerToken = true };
        var platform = new PlatformOptions();
        var command = new Command("standing", "Say which versions of a model answer on a platform; replaces what was said before") { id, champion, challenger, retired };
        foreach (var option in platform.All) { command.Add(option); }
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = platform.Connect(parsed);
            var standing = new NewStanding
            {
                Champion = parsed.GetValue(champion),
                Challenger = parsed.GetValue(challenger),
                Retired = [.. (parsed.GetValue(retired) ?? []).Select(text => text.Split('=', 2) is [{ } version, { } reason]
                    ? new NewRetirement(version, reason)
                    : throw new CliFailure($"--retired '{text}' must be version=reason."))],
            };
            Print(await client.Put<NewStanding, PageView<ModelVersionView>>($"models/{Uri.EscapeDataString(parsed.GetValue(id)!)}/standing", standing, cancellation));
            return 0;
        });
        return command;
    }

    private static void Print(PageView<ModelVersionView> versions)
    {
        foreach (var one in versions.Items)
        {
            Console.WriteLine($"{one.Version,-24} {one.Role,-10} {one.Sha256[..12]}  {(one.SignedBy is { } key ? $"signed by {key}  " : "")}{(one.Site is { } site ? $"recalibrated at {site}  " : "")}{(one.Reason is { } reason ? $"retired {one.RetiredAt:u}: {reason}" : string.Join("; ", one.Performance))}".TrimEnd());
        }
    }
}
