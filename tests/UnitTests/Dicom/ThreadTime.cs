using System.Globalization;

namespace BoneMet.UnitTests.Dicom;

/// <summary>Processor time of the calling thread (Linux): what a bound on work is measured by, since the clock on the wall also counts the neighbours.</summary>
internal static class ThreadTime
{
    public static TimeSpan Now => TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1000.0);
}
