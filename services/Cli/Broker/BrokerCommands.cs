using System.CommandLine;
using BoneMet.Hosting;

namespace BoneMet.Cli.Broker;

/// <summary>`bonemet broker`: RabbitMQ's topology as a file, and applied.</summary>
internal static class BrokerCommands
{
    public static Command Create() => new("broker", "RabbitMQ's vhost, users, rights, policies and queues, as code") { Definitions(), Apply() };

    private static Command Definitions()
    {
        var command = new Command("definitions", "Print the definitions that the services of this version need (deploy/rabbitmq/definitions.json)");
        command.SetAction(_ => Console.Write(BrokerDefinitions.Json()));
        return command;
    }

    private static Command Apply()
    {
        var file = new Argument<string>("definitions") { Description = "The file" };
        var url = new Option<string>("--url") { Description = "Address of RabbitMQ's management plugin", Required = true };
        var command = new Command(
            "apply",
            """
            Apply definitions to a broker; as often as you like, the result is the same.

            Variables: BONEMET_BROKER_USER and BONEMET_BROKER_PASSWORD, an administrator; ConnectionStrings__rabbitmq, the address that the services
            use: its user gets the services' rights and its password, its vhost the queues; BONEMET_BROKER_MONITOR_PASSWORD, when given, makes the
            monitoring user.
            """) { file, url };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (!Uri.TryCreate(parsed.GetValue(url), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) { throw new CliFailure($"--url must be an http or https URL, not '{parsed.GetValue(url)}'."); }
            using var management = new BrokerManagement(address, Variable("BONEMET_BROKER_USER"), Variable("BONEMET_BROKER_PASSWORD"));
            var account = BrokerAccount.Parse(Variable("ConnectionStrings__rabbitmq"));
            var text = await File.ReadAllTextAsync(parsed.GetValue(file)!, cancellation);
            var applied = await management.Apply(text, account, Environment.GetEnvironmentVariable("BONEMET_BROKER_MONITOR_PASSWORD"), cancellation);
            Console.WriteLine($"{address.Host}: vhost {account.VirtualHost}, user {account.User}, {applied.Queues} queues, {applied.Bindings} bindings are as {parsed.GetValue(file)} says");
            return 0;
        });
        return command;
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : throw new CliFailure($"The variable {name} must be set.");
}
