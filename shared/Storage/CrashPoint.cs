using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace BoneMet.Storage;

/// <summary>
/// Named places at which a test may kill the process as power loss would: <c>BONEMET_CRASH_AT="name:n"</c> sends SIGKILL to the process
/// itself at the n-th hit of the point (several are separated by commas). Without the variable a hit costs one comparison.
/// </summary>
public static partial class CrashPoint
{
    public const string AfterDocumentWrite = "after-document-write";
    public const string BeforePublish = "before-publish";
    public const string AfterPublish = "after-publish";
    public const string BeforeAcknowledge = "before-acknowledge";
    public const string DuringBlobRename = "during-blob-rename";
    public const string AfterWebhook = "after-webhook";

    private const int SigKill = 9;
    private static readonly ConcurrentDictionary<string, int>? Remaining = Parse(Environment.GetEnvironmentVariable("BONEMET_CRASH_AT"));

    public static void Hit(string name)
    {
        if (Remaining is null || !Remaining.ContainsKey(name)) { return; }
        if (Remaining.AddOrUpdate(name, 0, (_, left) => left - 1) == 0)
        {
            _ = Kill(Environment.ProcessId, SigKill);
            Thread.Sleep(Timeout.Infinite);
        }
    }

    internal static ConcurrentDictionary<string, int>? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) { return null; }
        var points = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.LastIndexOf(':');
            var (name, count) = colon < 0 ? (part, "1") : (part[..colon], part[(colon + 1)..]);
            if (!int.TryParse(count, out var nth) || nth < 1) { throw new InvalidOperationException($"BONEMET_CRASH_AT: '{part}' is not name:n with n of at least 1."); }
            points[name] = nth;
        }
        return points;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
