namespace BoneMet.Statistics.Validation;

/// <summary>A model fitted on all other sites, judged on one site.</summary>
/// <param name="Site">The site left out.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Events">Its events.</param>
/// <param name="C">c index there; NaN where it cannot be judged.</param>
/// <param name="CStandardError">Its DeLong standard error.</param>
/// <param name="CLow">Lower 95 % limit.</param>
/// <param name="CHigh">Upper 95 % limit.</param>
/// <param name="Intercept">Calibration in the large.</param>
/// <param name="InterceptStandardError">Its standard error.</param>
/// <param name="Slope">Calibration slope.</param>
/// <param name="SlopeStandardError">Its standard error.</param>
/// <param name="Brier">Brier score.</param>
/// <param name="Problem">Why something could not be judged, or null.</param>
public sealed record SitePerformance(string Site, int Rows, int Events, double C, double CStandardError, double CLow, double CHigh, double Intercept, double InterceptStandardError,
    double Slope, double SlopeStandardError, double Brier, string? Problem);
