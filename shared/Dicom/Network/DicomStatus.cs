namespace BoneMet.Dicom.Network;

/// <summary>Status of a DIMSE response (PS3.7 Annex C, PS3.4), with a comment for the peer's log: at most 64 characters, no identity.</summary>
public readonly record struct DicomStatus(ushort Code, string? Comment = null)
{
    public static DicomStatus Success => new(0x0000);
    public static DicomStatus Pending => new(0xFF00);
    public static DicomStatus Cancel => new(0xFE00);
    public static DicomStatus SopClassNotSupported => new(0x0122);
    public static DicomStatus NotAuthorized => new(0x0124);
    public static DicomStatus DuplicateInstance => new(0x0111);
    public static DicomStatus UnrecognizedOperation => new(0x0211);
    public static DicomStatus ProcessingFailure => new(0x0110);

    /// <summary>The disk is full or another limit is reached: try again later.</summary>
    public static DicomStatus OutOfResources => new(0xA700);

    /// <summary>The data set is not of the SOP class or instance that the command names.</summary>
    public static DicomStatus DoesNotMatch => new(0xA900);

    /// <summary>The data set cannot be read.</summary>
    public static DicomStatus CannotUnderstand => new(0xC000);
    public static DicomStatus MoveDestinationUnknown => new(0xA801);

    public bool IsSuccess => Code == 0;

    /// <summary>Success or a warning (Bxxx): the operation took place.</summary>
    public bool IsDone => Code == 0 || (Code & 0xF000) == 0xB000;

    public bool IsPending => Code is 0xFF00 or 0xFF01;

    public DicomStatus With(string comment) => this with { Comment = comment.Length > 64 ? comment[..64] : comment };

    public override string ToString() => Comment is null ? $"{Code:X4}" : $"{Code:X4} {Comment}";
}
