using System.Diagnostics;

namespace BoneMet.Cli.Cohort;

/// <summary>A line on standard error that says how far long work is; nothing is written for work below a second.</summary>
internal sealed class ConsoleProgress(string what) : IProgress<double>
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private int _shown = -1;

    public void Report(double value)
    {
        var percent = (int)(100 * value);
        lock (_lock)
        {
            if (_watch.ElapsedMilliseconds < 1000 || percent <= _shown || percent >= 100) { return; }
            if (Console.IsErrorRedirected && percent / 10 == _shown / 10 && _shown >= 0) { return; }
            _shown = percent;
            Console.Error.Write(Console.IsErrorRedirected ? $"{what}: {percent} %\n" : $"\r{what}: {percent} % ");
        }
    }

    /// <summary>Clears the line.</summary>
    public void Done()
    {
        if (_shown >= 0 && !Console.IsErrorRedirected) { Console.Error.Write("\r\u001b[K"); }
    }
}
