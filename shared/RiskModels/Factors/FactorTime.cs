namespace BoneMet.RiskModels;

/// <summary>When something about a patient is known, in order.</summary>
public static class FactorTime
{
    public const string Diagnosis = "diagnosis";
    public const string Staging = "staging";
    public const string Treatment = "treatment";
    public const string FollowUp = "follow-up";

    internal static string[] Names { get; } = [Diagnosis, Staging, Treatment, FollowUp];

    /// <summary>Position in time; −1 for a word that is none of the four.</summary>
    public static int Order(string time) => Array.IndexOf(Names, time);
}
