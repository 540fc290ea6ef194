namespace BoneMet.Dicom;

/// <summary>Encapsulated pixel data (PS3.5 A.4): the basic offset table and the fragments, which stay on disk when the file was opened there.</summary>
public sealed class DicomFragmentSequence : DicomItem
{
    private readonly DicomElement[] _fragments;

    /// <param name="tag">Usually (7FE0,0010).</param>
    /// <param name="vr">OB or OW.</param>
    /// <param name="offsetTable">The first item; empty when there is no basic offset table.</param>
    /// <param name="fragments">The others, in order.</param>
    public DicomFragmentSequence(DicomTag tag, DicomVR vr, DicomElement? offsetTable, DicomElement[] fragments) : base(tag, vr)
    {
        OffsetTable = offsetTable ?? new DicomElement(tag, DicomVR.OB, []);
        _fragments = fragments;
    }

    public DicomElement OffsetTable { get; }

    public IReadOnlyList<DicomElement> Fragments => _fragments;
}
