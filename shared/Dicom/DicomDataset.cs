using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace BoneMet.Dicom;

/// <summary>A data set: data elements in the order of their tags.</summary>
public sealed class DicomDataset : IEnumerable<DicomItem>
{
    private DicomItem[] _items;
    private int _count;
    private DicomCharacterSet? _characterSet;

    public DicomDataset() => _items = [];

    public DicomDataset(params ReadOnlySpan<DicomItem> items) : this()
    {
        foreach (var item in items) { AddOrUpdate(item); }
    }

    /// <summary>The data set whose sequence holds this one, or null.</summary>
    public DicomDataset? Parent { get; internal set; }

    /// <summary>Used where Specific Character Set is missing here and in the data sets around: what the sender is known to use.</summary>
    public DicomCharacterSet? FallbackCharacterSet { get; set; }

    /// <summary>For an item of a sequence that was read: the byte offset of its item tag; a DICOMDIR refers to it.</summary>
    public long? ItemOffset { get; internal init; }

    public int Count => _count;

    /// <summary>How this data set's text is encoded: its own Specific Character Set, else that of the data set around, else the fallback.</summary>
    public DicomCharacterSet CharacterSet
    {
        get
        {
            if (_characterSet is not null) { return _characterSet; }
            if (TryGetElement(DicomTag.SpecificCharacterSet, out var element) && element.Length > 0)
            {
                return _characterSet = DicomCharacterSet.Parse(element.Span);
            }
            return Parent?.CharacterSet ?? FallbackCharacterSet ?? DicomCharacterSet.Default;
        }
    }

    public bool Contains(DicomTag tag) => IndexOf(tag) >= 0;

    /// <summary>The element, sequence or fragments of a tag, or null.</summary>
    public DicomItem? Find(DicomTag tag)
    {
        var index = IndexOf(tag);
        return index < 0 ? null : _items[index];
    }

    /// <summary>The item of a tag as the kind asked for.</summary>
    /// <exception cref="DicomException">Absent or of another kind.</exception>
    public T GetDicomItem<T>(DicomTag tag) where T : DicomItem =>
        Find(tag) as T ?? throw new DicomException($"{tag} {tag.Keyword} is {(Contains(tag) ? "no " + typeof(T).Name : "absent")}.");

    public bool TryGetElement(DicomTag tag, [NotNullWhen(true)] out DicomElement? element) => (element = Find(tag) as DicomElement) is not null;

    public bool TryGetSequence(DicomTag tag, [NotNullWhen(true)] out DicomSequence? sequence) => (sequence = Find(tag) as DicomSequence) is not null;

    /// <exception cref="DicomException">Absent or no sequence.</exception>
    public DicomSequence GetSequence(DicomTag tag) => GetDicomItem<DicomSequence>(tag);

    /// <summary>Items of a sequence; none when it is absent.</summary>
    public IReadOnlyList<DicomDataset> Items(DicomTag tag) => TryGetSequence(tag, out var sequence) ? sequence.Items : [];

    /// <summary>Number of values; 0 when absent or empty.</summary>
    public int GetValueCount(DicomTag tag) => TryGetElement(tag, out var element) ? element.Count : 0;

    /// <summary>The text of an element, values joined by a backslash; numbers in invariant form.</summary>
    /// <exception cref="DicomException">Absent.</exception>
    public string GetString(DicomTag tag) => DicomValues.Text(this, GetDicomItem<DicomElement>(tag));

    /// <summary>True when the element is there and not empty.</summary>
    public bool TryGetString(DicomTag tag, [NotNullWhen(true)] out string? text)
    {
        text = TryGetElement(tag, out var element) && element.Length > 0 && element.VR.Kind != DicomVRKind.Sequence ? DicomValues.Text(this, element) : null;
        return !string.IsNullOrEmpty(text);
    }

    /// <summary>All values. T: string, a number type, bool-free; DicomUID, DicomTag, byte[] (the raw value).</summary>
    /// <exception cref="DicomException">Absent, or a value does not fit T; the message names the element.</exception>
    public T[] GetValues<T>(DicomTag tag) => DicomValues.All<T>(this, GetDicomItem<DicomElement>(tag));

    /// <summary>All values; false when absent or not readable as T.</summary>
    public bool TryGetValues<T>(DicomTag tag, [NotNullWhen(true)] out T[]? values)
    {
        values = null;
        return TryGetElement(tag, out var element) && DicomValues.TryAll(this, element, out values);
    }

    /// <summary>One of several values, from 0.</summary>
    /// <exception cref="DicomException">Absent, too few values, or not readable as T.</exception>
    public T GetValue<T>(DicomTag tag, int index)
    {
        var values = GetValues<T>(tag);
        return index < values.Length ? values[index] : throw new DicomException($"{tag} {tag.Keyword} has {values.Length} values; number {index + 1} was asked for.");
    }

    /// <summary>The first value.</summary>
    /// <exception cref="DicomException">Absent, empty, or not readable as T.</exception>
    public T GetSingleValue<T>(DicomTag tag)
    {
        var element = GetDicomItem<DicomElement>(tag);
        return DicomValues.TryFirst<T>(this, element, out var value) ? value : throw new DicomException(
            element.Length == 0 ? $"{tag} {tag.Keyword} is empty." : $"{tag} {tag.Keyword} is not readable as {typeof(T).Name}.");
    }

    /// <summary>The first value, or the default when it is absent, empty or not readable as T.</summary>
    public T GetSingleValueOrDefault<T>(DicomTag tag, T defaultValue) =>
        TryGetElement(tag, out var element) && DicomValues.TryFirst<T>(this, element, out var value) ? value : defaultValue;

    public bool TryGetSingleValue<T>(DicomTag tag, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return TryGetElement(tag, out var element) && DicomValues.TryFirst(this, element, out value);
    }

    /// <summary>Sets an item, replacing one of the same tag.</summary>
    public DicomDataset AddOrUpdate(DicomItem item)
    {
        var index = IndexOf(item.Tag);
        if (index >= 0) { _items[index] = item; }
        else { Insert(~index, item); }
        if (item is DicomSequence sequence) { sequence.SetOwner(this); }
        if (item.Tag == DicomTag.SpecificCharacterSet) { ForgetCharacterSet(); }
        return this;
    }

    /// <summary>Sets values with the VR of the dictionary. Text that the data set's character set cannot hold turns the whole data set to UTF-8.</summary>
    /// <exception cref="DicomException">A value does not fit the VR.</exception>
    public DicomDataset AddOrUpdate<T>(DicomTag tag, params ReadOnlySpan<T> values) => AddOrUpdate(DicomDictionary.VR(tag, IsSigned), tag, values);

    /// <summary>Sets values with a given VR.</summary>
    public DicomDataset AddOrUpdate<T>(DicomVR vr, DicomTag tag, params ReadOnlySpan<T> values)
    {
        if (typeof(T) == typeof(DicomDataset))
        {
            var sequence = new DicomSequence(tag);
            foreach (var value in values) { sequence.Add((DicomDataset)(object)value!); }
            return AddOrUpdate(sequence);
        }
        return AddOrUpdate(new DicomElement(tag, vr, DicomValues.Encode(this, tag, vr, values)));
    }

    /// <summary>Adds what must not be there yet.</summary>
    /// <exception cref="DicomException">The tag is present.</exception>
    public DicomDataset Add<T>(DicomTag tag, params ReadOnlySpan<T> values) =>
        Contains(tag) ? throw new DicomException($"{tag} {tag.Keyword} is present already.") : AddOrUpdate(tag, values);

    /// <summary>Sets an element without value.</summary>
    public DicomDataset AddOrUpdateEmpty(DicomTag tag)
    {
        var vr = Find(tag)?.VR ?? DicomDictionary.VR(tag, IsSigned);
        return AddOrUpdate(vr == DicomVR.SQ ? new DicomSequence(tag) : new DicomElement(tag, vr, []));
    }

    public bool Remove(DicomTag tag)
    {
        var index = IndexOf(tag);
        if (index < 0) { return false; }
        Array.Copy(_items, index + 1, _items, index, --_count - index);
        _items[_count] = null!;
        if (tag == DicomTag.SpecificCharacterSet) { ForgetCharacterSet(); }
        return true;
    }

    /// <summary>Removes every item that the condition holds for; not within sequences.</summary>
    public int Remove(Predicate<DicomItem> condition)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (!condition(_items[i])) { _items[kept++] = _items[i]; }
        }
        var removed = _count - kept;
        Array.Clear(_items, kept, removed);
        _count = kept;
        ForgetCharacterSet();
        return removed;
    }

    /// <summary>The creator that gives a private element its meaning, or null when its block is not reserved.</summary>
    public string? GetPrivateCreator(DicomTag tag) =>
        tag.IsPrivate && tag.Element >= 0x1000 && TryGetString(tag.CreatorTag, out var creator) ? creator : null;

    /// <summary>The tag of a creator's private element here, or null when the creator has no block.</summary>
    /// <param name="creator">Text of the private creator element.</param>
    /// <param name="group">An odd group.</param>
    /// <param name="element">The element's low byte.</param>
    public DicomTag? GetPrivateTag(string creator, ushort group, byte element)
    {
        for (ushort block = 0x10; block <= 0xFF; block++)
        {
            if (TryGetString(new DicomTag(group, block), out var found) && found == creator) { return new DicomTag(group, (ushort)((block << 8) | element)); }
        }
        return null;
    }

    /// <summary>Reads a data set that has no file around it (DIMSE, a cache) from memory, which must not change afterwards.</summary>
    /// <exception cref="DicomFileException">The bytes are no data set of this transfer syntax; tells where.</exception>
    public static DicomDataset Read(byte[] data, DicomTransferSyntax syntax, DicomReadOptions? options = null) => DicomFile.ReadBare(data, syntax, options ?? DicomReadOptions.Default);

    /// <summary>Writes the data set alone, without file meta information. Group lengths are left out, sequences get delimiters.</summary>
    public void Write(Stream output, DicomTransferSyntax syntax) => DicomWriter.Write(output, this, syntax);

    /// <summary>A copy that shares values (which never change) but not items.</summary>
    public DicomDataset Clone()
    {
        var items = new DicomItem[_count];
        for (var i = 0; i < _count; i++)
        {
            items[i] = _items[i] is DicomSequence sequence ? new DicomSequence(sequence.Tag, [.. sequence.Items.Select(item => item.Clone())]) : _items[i];
        }
        var copy = new DicomDataset { FallbackCharacterSet = FallbackCharacterSet };
        copy.Take(items);
        return copy;
    }

    /// <summary>Turns all text, in nested items too, to UTF-8 and says so in Specific Character Set.</summary>
    public DicomDataset ConvertToUtf8()
    {
        DicomText.ToUtf8(this);
        return this;
    }

    public IEnumerator<DicomItem> GetEnumerator()
    {
        for (var i = 0; i < _count; i++) { yield return _items[i]; }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ReadOnlySpan<DicomItem> Span => _items.AsSpan(0, _count);

    internal void Replace(int index, DicomItem item) => _items[index] = item;

    /// <summary>Pixel Representation here or in a data set around: decides between US and SS.</summary>
    internal bool IsSigned =>
        TryGetElement(DicomTag.PixelRepresentation, out var element) && element.Length >= 2 ? element.Span[0] == 1 : Parent?.IsSigned ?? false;

    /// <summary>Takes over items that are in order.</summary>
    internal void Take(DicomItem[] items)
    {
        (_items, _count) = (items, items.Length);
        foreach (var item in items)
        {
            if (item is DicomSequence sequence) { sequence.SetOwner(this); }
        }
    }

    internal void ForgetCharacterSet() => _characterSet = null;

    private int IndexOf(DicomTag tag)
    {
        var low = 0;
        var high = _count - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = _items[middle].Tag.Value.CompareTo(tag.Value);
            if (order == 0) { return middle; }
            if (order < 0) { low = middle + 1; }
            else { high = middle - 1; }
        }
        return ~low;
    }

    private void Insert(int index, DicomItem item)
    {
        if (_count == _items.Length) { Array.Resize(ref _items, Math.Max(8, 2 * _count)); }
        Array.Copy(_items, index, _items, index + 1, _count - index);
        _items[index] = item;
        _count++;
    }
}
