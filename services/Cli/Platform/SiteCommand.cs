using System.CommandLine;
using BoneMet.Hosting;

namespace BoneMet.Cli.Platform;

/// <summary>`bonemet site`: the sites that may call the platform, and their keys.</summary>
internal static class SiteCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Data folder of the platform (of `up` or `cluster`)", DefaultValueFactory = _ => "data", HelpName = "DIR" };
        return new Command("site", "Sites that may call the platform, and their API keys") { Add(data), List(data), Key(data), Disable(data) };
    }

    private static Command Add(Option<string> data)
    {
        var name = Name();
        var isOperator = new Option<bool>("--operator") { Description = "An operator sees the cases of all sites" };
        var command = new Command("add", "Make a site and print its API key, this once") { name, isOperator, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var site = parsed.GetValue(name)!;
            if (!SiteRegistry.IsName(site)) { throw new CliFailure($"'{site}' is not a site's name: 1 to 40 of a-z, 0-9 and '-'."); }
            var made = await Registry.Open(parsed.GetValue(data)!, mayCreate: true).Add(site, parsed.GetValue(isOperator), cancellation)
                ?? throw new CliFailure($"There is a site '{site}' already: `bonemet site key {site}` gives it another key.");
            Console.WriteLine(made.Key);
            return 0;
        });
        return command;
    }

    private static Command Key(Option<string> data)
    {
        var name = Name();
        var command = new Command("key", "Give a site one more API key and print it, this once") { name, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var made = await Registry.Open(parsed.GetValue(data)!).AddKey(parsed.GetValue(name)!, cancellation)
                ?? throw new CliFailure($"There is no site '{parsed.GetValue(name)}'.");
            Console.WriteLine(made.Key);
            return 0;
        });
        return command;
    }

    private static Command Disable(Option<string> data)
    {
        var name = Name();
        var command = new Command("disable", "Refuse all keys of a site from now on") { name, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var done = await Registry.Open(parsed.GetValue(data)!).Disable(parsed.GetValue(name)!, cancellation);
            return done ? 0 : throw new CliFailure($"There is no site '{parsed.GetValue(name)}'.");
        });
        return command;
    }

    private static Command List(Option<string> data)
    {
        var command = new Command("list", "List the sites") { data };
        command.SetAction(async (parsed, cancellation) =>
        {
            foreach (var site in await Registry.Open(parsed.GetValue(data)!).List(cancellation))
            {
                Console.WriteLine($"{site.Id,-40} {(site.IsOperator ? "operator" : "site"),-9} {site.Keys.Count} key(s)  {(site.DisabledAt is { } at ? $"disabled {at:u}" : "")}");
            }
            return 0;
        });
        return command;
    }

    private static Argument<string> Name() => new("name") { Description = "Name of the site: a-z, 0-9 and '-'" };
}
