namespace BoneMet.Statistics.Discrimination;

/// <summary>One point of a ROC curve: what is called positive from this threshold on.</summary>
/// <param name="Threshold">Midway between two neighbouring scores; ±∞ at the ends.</param>
/// <param name="TruePositives">Cases called positive.</param>
/// <param name="FalsePositives">Controls called positive.</param>
/// <param name="Cases">All cases.</param>
/// <param name="Controls">All controls.</param>
public readonly record struct RocPoint(double Threshold, int TruePositives, int FalsePositives, int Cases, int Controls)
{
    /// <summary>TP / cases.</summary>
    public double Sensitivity => (double)TruePositives / Cases;

    /// <summary>TN / controls.</summary>
    public double Specificity => (double)(Controls - FalsePositives) / Controls;
}
