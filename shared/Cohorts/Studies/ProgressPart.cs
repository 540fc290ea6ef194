namespace BoneMet.Cohorts.Studies;

/// <summary>Progress of one part of the work, as its share of the whole. Reports at once and in order, which <see cref="Progress{T}"/> does not.</summary>
internal sealed class ProgressPart(IProgress<double> whole, double from, double to) : IProgress<double>
{
    public void Report(double value) => whole.Report(from + (value * (to - from)));
}
