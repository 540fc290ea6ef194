using System.Collections;

namespace BoneMet.Dicom;

/// <summary>A sequence (VR SQ): a list of nested data sets.</summary>
public sealed class DicomSequence : DicomItem, IEnumerable<DicomDataset>
{
    private readonly List<DicomDataset> _items;
    private DicomDataset? _owner;

    public DicomSequence(DicomTag tag, params ReadOnlySpan<DicomDataset> items) : base(tag, DicomVR.SQ)
    {
        _items = new List<DicomDataset>(items.Length);
        _items.AddRange(items);
    }

    /// <summary>The items; change them through <see cref="Add"/>, <see cref="Remove"/>.</summary>
    public IReadOnlyList<DicomDataset> Items => _items;

    public int Count => _items.Count;

    public DicomDataset this[int index] => _items[index];

    public void Add(DicomDataset item)
    {
        _items.Add(item);
        item.Parent = _owner;
    }

    public bool Remove(DicomDataset item) => _items.Remove(item);

    public IEnumerator<DicomDataset> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    internal void SetOwner(DicomDataset owner)
    {
        _owner = owner;
        foreach (var item in _items) { item.Parent = owner; }
    }
}
