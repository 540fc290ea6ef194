using System.ComponentModel.DataAnnotations;

namespace BoneMet.NomogramAggregation.CdsHooks;

internal sealed class CdsOptions
{
    public const string Section = "CdsHooks";

    /// <summary>Risk from which the card's indicator is "warning" and not "info".</summary>
    [Range(0.0, 1.0)]
    public double WarningFrom { get; set; } = 0.1;
}
