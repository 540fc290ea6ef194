using System.ComponentModel.DataAnnotations;

namespace BoneMet.Hosting;

/// <summary>How services of one installation recognise each other.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>Secret shared by all processes of an installation, 32 characters or more. A process that holds every service makes its own.</summary>
    [StringLength(1024, MinimumLength = 32)]
    public string? InternalKey { get; set; }

    /// <summary>
    /// The first API key of an installation, where nobody can type `bonemet site add`: <c>bm_operator_</c> and 32 characters or more. The edge makes
    /// its site when it starts; further keys stay valid when this one changes.
    /// </summary>
    [RegularExpression("^bm_[a-z0-9][a-z0-9-]{0,39}_[A-Za-z0-9_-]{32,80}$", ErrorMessage = "The field OperatorKey must be bm_, the operator's name, _ and 32 to 80 letters or digits.")]
    public string? OperatorKey { get; set; }

    /// <summary>Keys of further sites, of the same form, where an installation is described rather than typed.</summary>
    public IList<string> SiteKeys { get; set; } = [];
}
