namespace BoneMet.Cohorts.Studies;

/// <summary>A study is not possible on these data; the message is one sentence for the data manager.</summary>
public sealed class StudyException(string message) : Exception(message);
