namespace BoneMet.Dicom.Network;

/// <summary>One SOP class with the transfer syntaxes offered for it, and what was agreed (PS3.8 9.3.2.2).</summary>
public sealed record DicomPresentationContext
{
    /// <summary>Odd, 1 to 255.</summary>
    public required byte Id { get; init; }
    public required string AbstractSyntax { get; init; }
    public required IReadOnlyList<string> TransferSyntaxes { get; init; }

    /// <summary>0 accepted, 3 abstract syntax not supported, 4 no transfer syntax in common.</summary>
    public byte Result { get; set; } = 3;
    public string? Accepted { get; set; }

    public bool IsAccepted => Result == 0 && Accepted is not null;
}
