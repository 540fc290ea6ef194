using System.ComponentModel.DataAnnotations;

namespace BoneMet.Hosting;

/// <summary>How services of one installation recognise each other.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>Secret shared by all processes of an installation, 32 characters or more. A process that holds every service makes its own.</summary>
    [StringLength(1024, MinimumLength = 32)]
    public string? InternalKey { get; set; }
}
