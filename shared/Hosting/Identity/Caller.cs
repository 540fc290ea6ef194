namespace BoneMet.Hosting;

/// <summary>Who asks: a site, or an operator, who sees all sites. Never a person.</summary>
/// <param name="Site">The site's name; a service that asks on its own account is <c>service:NAME</c>.</param>
/// <param name="IsOperator">True: every site's cases are visible.</param>
public sealed record Caller(string Site, bool IsOperator)
{
    /// <summary>May this caller see what belongs to <paramref name="site"/>?</summary>
    public bool MaySee(string site) => IsOperator || string.Equals(Site, site, StringComparison.Ordinal);

    /// <summary>A service that acts on its own account, not on behalf of a request.</summary>
    public static Caller Service(string name) => new($"service:{name}", IsOperator: true);
}
