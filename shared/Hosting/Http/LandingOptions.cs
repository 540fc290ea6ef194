namespace BoneMet.Hosting;

/// <summary>What a module adds to the landing page of its process: <c>services.Configure&lt;LandingOptions&gt;(…)</c>.</summary>
public sealed class LandingOptions
{
    public string About { get; set; } = "";

    /// <summary>Text of each link, and where it leads.</summary>
    public IDictionary<string, string> Links { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
