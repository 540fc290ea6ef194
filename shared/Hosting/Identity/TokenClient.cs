using System.ComponentModel.DataAnnotations;

namespace BoneMet.Hosting;

/// <summary>A system that calls with tokens of its own (JWT) in place of an API key, such as a CDS Hooks client.</summary>
public sealed class TokenClient
{
    /// <summary>Its name, as the tokens' <c>iss</c>.</summary>
    [Required, StringLength(500, MinimumLength = 1)]
    public string? Issuer { get; set; }

    /// <summary>The site it calls for; the site must exist (<c>bonemet site add</c>).</summary>
    [Required]
    public string? Site { get; set; }

    /// <summary>File with its public keys, a JWK Set (RFC 7517) as it publishes one. Read when the process starts; a token's <c>jku</c> is never followed.</summary>
    [Required]
    public string? Keys { get; set; }
}
