namespace BoneMet.Hosting;

/// <param name="Site">The site as stored.</param>
/// <param name="Key">The key in the clear: shown once, stored nowhere.</param>
public sealed record NewSiteKey(Site Site, string Key);
