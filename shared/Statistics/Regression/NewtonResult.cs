namespace BoneMet.Statistics.Regression;

/// <summary>Where Newton's method ended, in internal units.</summary>
internal sealed record NewtonResult(double[] Gamma, double[] Information, double LogLikelihood, int Iterations, bool Converged, double[]? Direction);
