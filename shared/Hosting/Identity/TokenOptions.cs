using System.ComponentModel.DataAnnotations;

namespace BoneMet.Hosting;

/// <summary>Which systems may call the CDS Hooks service with signed tokens (CDS Hooks 2.0, "Trusting CDS Clients").</summary>
public sealed class TokenOptions : IValidatableObject
{
    public const string Section = "CdsClients";

    /// <summary>The address at which clients call us, without a path: a token must name its endpoint there as <c>aud</c>.</summary>
    public Uri? Address { get; set; }

    public IList<TokenClient> Clients { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Clients.Count > 0 && Address is not { IsAbsoluteUri: true, AbsolutePath: "/", Query: "" })
        {
            yield return new ValidationResult($"{Section}:Address must be the address that clients call, such as https://bonemet.hospital.example, when there are clients.", [nameof(Address)]);
        }
        foreach (var (index, client) in Clients.Index())
        {
            var faults = new List<ValidationResult>();
            Validator.TryValidateObject(client, new ValidationContext(client), faults, validateAllProperties: true);
            foreach (var fault in faults) { yield return new ValidationResult($"{Section}:Clients:{index}: {fault.ErrorMessage}", [nameof(Clients)]); }
            if (client.Site is { } site && !SiteRegistry.IsName(site)) { yield return new ValidationResult($"{Section}:Clients:{index}:Site is '{site}', which is no name of a site.", [nameof(Clients)]); }
            if (client.Keys is { } keys && !File.Exists(keys)) { yield return new ValidationResult($"{Section}:Clients:{index}:Keys names a file that is not there.", [nameof(Clients)]); }
        }
        foreach (var twice in Clients.GroupBy(client => client.Issuer, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            yield return new ValidationResult($"{Section}:Clients names the issuer '{twice.Key}' twice.", [nameof(Clients)]);
        }
    }
}
