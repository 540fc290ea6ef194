namespace BoneMet.Hosting;

/// <summary>Which service this process is.</summary>
/// <param name="Name">As given to AddHosting: "dicom-ingestion", "all-in-one".</param>
public sealed record ServiceIdentity(string Name)
{
    /// <summary>The edge takes API keys from outside; other processes only signed callers.</summary>
    public bool IsEdge => Name is "all-in-one" or "gateway";

    /// <summary>Every service is in this process.</summary>
    public bool IsAllInOne => Name is "all-in-one";
}
