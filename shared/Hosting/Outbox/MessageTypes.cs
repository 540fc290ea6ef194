using System.Collections.Concurrent;

namespace BoneMet.Hosting;

/// <summary>Finds a message record by its full name in the BoneMet assemblies of this process.</summary>
internal static class MessageTypes
{
    private static readonly ConcurrentDictionary<string, Type?> Known = new(StringComparer.Ordinal);

    public static Type? Find(string fullName) => Known.GetOrAdd(fullName, static name =>
        typeof(Contracts.Events.CaseResumed).Assembly.GetType(name)
        ?? AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => assembly.GetName().Name?.StartsWith("BoneMet.", StringComparison.Ordinal) == true)
            .Select(assembly => assembly.GetType(name))
            .FirstOrDefault(type => type is not null));
}
