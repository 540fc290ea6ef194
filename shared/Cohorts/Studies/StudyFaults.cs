using BoneMet.Statistics;
using BoneMet.Statistics.Missing;
using BoneMet.Statistics.SampleSize;
using BoneMet.Statistics.Survival;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>Tells the exceptions whose message is a sentence for the owner of the data from those that are our own faults.</summary>
public static class StudyFaults
{
    /// <summary>Whether the message may be shown.</summary>
    public static bool IsForCaller(Exception exception) => exception is StudyException or TableException or SurvivalException or ImputationException or SampleSizeException or StatisticsException;
}
