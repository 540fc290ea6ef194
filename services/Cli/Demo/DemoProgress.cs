using BoneMet.Contracts.Api;
using BoneMet.Contracts.Events;
using Spectre.Console;

namespace BoneMet.Cli.Demo;

/// <summary>What the user sees while the case is on its way: a bar per strand on a terminal, a line per change elsewhere, nothing with --json.</summary>
internal abstract class DemoProgress
{
    public static DemoProgress For(DemoOptions options) =>
        options.Json ? new Silent() : Console.IsOutputRedirected ? new Lines() : new Bars();

    public abstract void Say(string text);

    public abstract Task<CaseView> Follow(Func<Action<CaseView>, Task<CaseView>> work);

    private static double Share(string status) => status switch
    {
        "awaited" => 10,
        "working" => 55,
        "ready" or "failed" => 100,
        _ => 0,
    };

    private sealed class Silent : DemoProgress
    {
        public override void Say(string text)
        {
        }

        public override Task<CaseView> Follow(Func<Action<CaseView>, Task<CaseView>> work) => work(_ => { });
    }

    private sealed class Lines : DemoProgress
    {
        public override void Say(string text) => Console.WriteLine(text);

        public override Task<CaseView> Follow(Func<Action<CaseView>, Task<CaseView>> work)
        {
            var told = new Dictionary<string, string>();
            return work(view =>
            {
                foreach (var strand in Strand.All)
                {
                    var status = view.Strands[strand].Status;
                    if (told.GetValueOrDefault(strand) == status) { continue; }
                    told[strand] = status;
                    Console.WriteLine($"  {strand,-9} {status}");
                }
            });
        }
    }

    private sealed class Bars : DemoProgress
    {
        public override void Say(string text) => AnsiConsole.MarkupLineInterpolated($"[grey]{text}[/]");

        public override Task<CaseView> Follow(Func<Action<CaseView>, Task<CaseView>> work) =>
            AnsiConsole.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new SpinnerColumn())
                .StartAsync(context =>
                {
                    var bars = Strand.All.ToDictionary(strand => strand, strand => context.AddTask(Label(strand, "submitted"), maxValue: 100));
                    return work(view =>
                    {
                        foreach (var (strand, bar) in bars)
                        {
                            var status = view.Strands[strand].Status;
                            bar.Description = Label(strand, status);
                            bar.Value = Share(status);
                            if (status == "absent" && view.Settled) { bar.StopTask(); }
                        }
                    });
                });

        private static string Label(string strand, string status) => $"{strand,-9} {(status == "failed" ? $"[red]{status}[/]" : status == "ready" ? $"[green]{status}[/]" : status),-9}";
    }
}
