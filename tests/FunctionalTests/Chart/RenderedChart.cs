using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace BoneMet.FunctionalTests.Chart;

/// <summary>One profile as helm renders it, every document read strictly: an unknown field, a duplicate key or a wrong type ends it by name.</summary>
internal sealed class RenderedChart
{
    /// <summary>Kinds that a cluster knows only by their definitions, so no schema is here.</summary>
    public static readonly string[] CustomKinds = ["ScaledObject", "TriggerAuthentication", "PodMonitor", "PrometheusRule", "HTTPRoute"];

    private static readonly ConcurrentDictionary<string, Lazy<Task<RenderedChart>>> Rendered = new(StringComparer.Ordinal);

    private RenderedChart(string yaml, IReadOnlyList<object> objects, IReadOnlyList<string> custom) => (Yaml, Objects, Custom) = (yaml, objects, custom);

    public string Yaml { get; }
    public IReadOnlyList<object> Objects { get; }

    /// <summary>Documents of <see cref="CustomKinds"/>, as text.</summary>
    public IReadOnlyList<string> Custom { get; }

    public IEnumerable<T> Of<T>() => Objects.OfType<T>();

    /// <summary>Every pod that the profile makes, by the name of its owner.</summary>
    public IEnumerable<(string Owner, V1ObjectMeta? Meta, V1PodSpec Spec)> Pods =>
    [
        .. Of<V1Deployment>().Select(owner => (owner.Name(), (V1ObjectMeta?)owner.Spec.Template.Metadata, owner.Spec.Template.Spec)),
        .. Of<V1StatefulSet>().Select(owner => (owner.Name(), (V1ObjectMeta?)owner.Spec.Template.Metadata, owner.Spec.Template.Spec)),
        .. Of<V1Job>().Select(owner => (owner.Name(), (V1ObjectMeta?)owner.Spec.Template.Metadata, owner.Spec.Template.Spec)),
        .. Of<V1Pod>().Select(pod => (pod.Name(), (V1ObjectMeta?)pod.Metadata, pod.Spec)),
    ];

    /// <summary>Rendered once for each set of arguments: many tests look at the same profile.</summary>
    public static Task<RenderedChart> Of(params string[] arguments) => Rendered.GetOrAdd(string.Join(' ', arguments), _ => new(() => Render(arguments))).Value;

    private static async Task<RenderedChart> Render(string[] arguments)
    {
        var yaml = await ChartTools.Template(arguments);
        var objects = new List<object>();
        var custom = new List<string>();
        foreach (var document in $"\n{yaml}".Split("\n---\n", StringSplitOptions.RemoveEmptyEntries).Where(document => document.Contains("\nkind:", StringComparison.Ordinal)))
        {
            if (CustomKinds.Any(kind => document.Contains($"\nkind: {kind}\n", StringComparison.Ordinal))) { custom.Add(document); }
            else { objects.AddRange(Load(document)); }
        }
        return new RenderedChart(yaml, objects, custom);
    }

    /// <summary>One document, strictly.</summary>
    public static IReadOnlyList<object> Load(string document)
    {
        try { return KubernetesYaml.LoadAllFromString(document, typeMap: null, strict: true); }
        catch (Exception fault) { throw new InvalidDataException($"{fault.Message}\n{document}", fault); }
    }
}
