namespace BoneMet.Statistics.Tables;

internal sealed class RejectionList
{
    private readonly List<CellRejection> _listed = [];

    public IReadOnlyList<CellRejection> Listed => _listed;

    public long Count { get; private set; }

    public void Add(int row, string column, string text, string reason)
    {
        Count++;
        if (_listed.Count < TableReader.MaximumListed) { _listed.Add(new(row, column, text.Length > 80 ? text[..80] + "…" : text, reason)); }
    }
}
