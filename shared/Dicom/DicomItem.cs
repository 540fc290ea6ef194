namespace BoneMet.Dicom;

/// <summary>One data element: a value, a sequence of items or the fragments of encapsulated pixel data.</summary>
public abstract class DicomItem
{
    private readonly uint _tag;
    private readonly byte _vr;

    private protected DicomItem(DicomTag tag, DicomVR vr) => (_tag, _vr) = (tag.Value, vr.Index);

    public DicomTag Tag => new(_tag);

    public DicomVR VR => DicomVR.FromIndex(_vr);

    public override string ToString() => $"{Tag} {VR.Code} {Tag.Keyword}";
}
