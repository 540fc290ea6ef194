using MassTransit;

namespace BoneMet.Hosting;

/// <summary>
/// Queues are named <c>service-consumer</c>: two services may both have a CaseResumedConsumer, and each must get its own copy of the message.
/// </summary>
internal sealed class ServiceEndpointNameFormatter() : KebabCaseEndpointNameFormatter(includeNamespace: false)
{
    private const string Root = "BoneMet.";

    protected override string FormatName(Type type)
    {
        var consumer = base.FormatName(type);
        if (type.Namespace?.StartsWith(Root, StringComparison.Ordinal) != true) { return consumer; }
        var service = SanitizeName(type.Namespace[Root.Length..].Split('.')[0]);
        return $"{service}-{consumer}";
    }
}
