namespace BoneMet.Contracts.Events;

/// <summary>The three strands of a case. Written in lower case wherever a person or a machine reads it.</summary>
public static class Strand
{
    public const string Imaging = "imaging";
    public const string Pathology = "pathology";
    public const string Clinical = "clinical";

    public static IReadOnlyList<string> All { get; } = [Imaging, Pathology, Clinical];
}
