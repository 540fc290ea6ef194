namespace BoneMet.Dicom.Deidentification;

/// <summary>A private attribute that is known to hold no identity: PS3.15 table E.3.10-1, numbers only.</summary>
/// <param name="Creator">Text of the private creator.</param>
/// <param name="Group">Odd group.</param>
/// <param name="Element">Low byte of the element.</param>
public sealed record SafePrivate(string Creator, ushort Group, byte Element)
{
    public static IReadOnlyList<SafePrivate> Standard { get; } =
    [
        new("Philips PET Private Group", 0x7053, 0x00),
        new("Philips PET Private Group", 0x7053, 0x09),
        new("GEMS_SERS_01", 0x0025, 0x07),
        new("GEMS_ACQU_01", 0x0019, 0x23),
        new("GEMS_ACQU_01", 0x0019, 0x24),
        new("GEMS_ACQU_01", 0x0019, 0x27),
        new("GEMS_PARM_01", 0x0043, 0x27),
        new("GEMS_PARM_01", 0x0043, 0x39),
        new("GEMS_PARM_01", 0x0043, 0x6F),
        new("SIEMENS MR HEADER", 0x0019, 0x0C),
        new("SIEMENS MR HEADER", 0x0019, 0x0E),
        new("SIEMENS MR HEADER", 0x0019, 0x27),
        new("Philips Imaging DD 001", 0x2001, 0x03),
    ];
}
