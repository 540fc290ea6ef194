namespace BoneMet.Dicom.Network;

/// <summary>What two application entities have agreed on.</summary>
public sealed class DicomAssociation
{
    public required string CalledAE { get; init; }
    public required string CallingAE { get; init; }

    /// <summary>Address of the peer; empty for an outgoing association.</summary>
    public string RemoteAddress { get; init; } = "";
    public IReadOnlyList<DicomPresentationContext> Contexts { get; init; } = [];

    /// <summary>SOP classes for which the requestor may also be the SCP (it receives C-STORE of a C-GET).</summary>
    public IReadOnlyDictionary<string, (bool Scu, bool Scp)> Roles { get; init; } = new Dictionary<string, (bool, bool)>();

    /// <summary>Largest P-DATA-TF that the peer takes, in bytes; 0 is no limit.</summary>
    public uint PeerMaxPduLength { get; set; } = 16384;

    public DicomPresentationContext? Find(byte id) => Contexts.FirstOrDefault(context => context.Id == id && context.IsAccepted);

    /// <summary>An accepted context of a SOP class, of the wished transfer syntax if there is one.</summary>
    public DicomPresentationContext? FindFor(string abstractSyntax, string? transferSyntax = null) =>
        Contexts.FirstOrDefault(context => context.IsAccepted && context.AbstractSyntax == abstractSyntax && context.Accepted == transferSyntax)
        ?? (transferSyntax is null ? Contexts.FirstOrDefault(context => context.IsAccepted && context.AbstractSyntax == abstractSyntax) : null);
}
