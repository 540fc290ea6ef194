namespace BoneMet.Statistics.Survival;

/// <summary>Scale on which the confidence limits of a survival probability are symmetric.</summary>
public enum ConfidenceTransform
{
    /// <summary>log S: R's default.</summary>
    Log,

    /// <summary>log(−log S): stays within 0 and 1.</summary>
    LogLog,

    /// <summary>S itself.</summary>
    Plain,
}
