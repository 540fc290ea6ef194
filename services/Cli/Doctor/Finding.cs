namespace BoneMet.Cli.Doctor;

/// <param name="Item">What was looked at.</param>
/// <param name="State">ok, optional (missing, and only needed for something named), or missing.</param>
/// <param name="What">What was found.</param>
/// <param name="Fix">What to do; null when nothing.</param>
internal sealed record Finding(string Item, string State, string What, string? Fix = null)
{
    public const string Ok = "ok";
    public const string Optional = "optional";
    public const string Missing = "missing";
}
