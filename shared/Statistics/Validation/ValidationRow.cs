namespace BoneMet.Statistics.Validation;

/// <summary>One index with its optimism, as a line of <c>rms::validate</c>.</summary>
/// <param name="Index">Dxy, R2, Intercept, Slope, Emax, D, U, Q, B, g or gp.</param>
/// <param name="Original">Apparent: the model on its own data.</param>
/// <param name="Training">Mean over resamples, on the sample of the fit.</param>
/// <param name="Test">Mean over resamples, on the data left for the test.</param>
/// <param name="Optimism">Training − test.</param>
/// <param name="Corrected">Original − optimism.</param>
/// <param name="Resamples">Resamples that could be fitted.</param>
public sealed record ValidationRow(string Index, double Original, double Training, double Test, double Optimism, double Corrected, int Resamples);
