using System.Text;

namespace BoneMet.Statistics.Tables;

internal sealed class CategoricalBuilder : ColumnBuilder
{
    private readonly int[] _codes;
    private readonly bool _strict;
    private readonly Dictionary<string, int> _levels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _names = [];
    private readonly List<string?> _faults = [];
    private readonly Dictionary<string, int>? _described;
    private int _count;
    private bool _identifier;

    public CategoricalBuilder(ColumnPlan plan, int rows, bool strict, RejectionList rejections)
        : base(plan, rejections)
    {
        _codes = new int[rows];
        _strict = strict;
        _lookup = _levels.GetAlternateLookup<ReadOnlySpan<char>>();
        if (plan.Description?.Levels is not { } levels) { return; }
        _described = new(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < levels.Count; i++)
        {
            foreach (var text in (string[])[levels[i].Value, .. levels[i].Synonyms ?? []])
            {
                if (!_described.TryAdd(text, i) && _described[text] != i) { throw new TableException($"The data dictionary gives '{text}' to two levels of {plan.Name}."); }
            }
        }
    }

    public override void Add(ReadOnlySpan<byte> cell, int row)
    {
        if (_identifier) { _codes[_count++] = -1; return; }
        if (_strict && TableReader.IsNotFinite(cell)) { throw new TableException($"Row {row}, column {Name}: '{Encoding.UTF8.GetString(cell)}' is not a value; leave the cell empty if it is missing."); }
        var isLogical = ColumnPlan.IsLogical(cell, out var value);
        if (Plan.Logical && isLogical) { cell = value ? "TRUE"u8 : "FALSE"u8; }
        if (cell.Length > 512) { Reject(cell, row, "longer than 512 bytes"); return; }
        Span<char> text = stackalloc char[cell.Length];
        text = text[..Encoding.UTF8.GetChars(cell, text)];
        if (!_lookup.TryGetValue(text, out var code))
        {
            code = _names.Count;
            var name = text.ToString();
            _levels.Add(name, code);
            _names.Add(name);
            _faults.Add(Fault(name));
            if (_names.Count > TableReader.MaximumLevels)
            {
                _identifier = true;
                _levels.Clear();
                _names.Clear();
            }
        }
        if (!_identifier && _faults[code] is { } fault) { Reject(cell, row, fault); return; }
        _codes[_count++] = code;
    }

    public override void AddMissing() => _codes[_count++] = -1;

    public override Column? Build()
    {
        if (_identifier) { return null; }
        string[] levels;
        Func<string, int> position;
        if (_described is not null)
        {
            levels = [.. Plan.Description!.Levels!.Select(level => level.Value)];
            position = name => _described.GetValueOrDefault(name, -1);
        }
        else
        {
            levels = [.. _names.Where((_, i) => _faults[i] is null).Order(LevelOrder.Instance)];
            var positions = levels.Select((level, i) => (level, i)).ToDictionary(pair => pair.level, pair => pair.i, StringComparer.Ordinal);
            position = name => positions.GetValueOrDefault(name, -1);
        }
        var map = new int[_names.Count];
        for (var i = 0; i < map.Length; i++) { map[i] = position(_names[i]); }
        for (var i = 0; i < _codes.Length; i++) { if (_codes[i] >= 0) { _codes[i] = map[_codes[i]]; } }
        var column = new CategoricalColumn(Name, _codes, levels);
        return Plan.Description?.Reference is { } reference && levels.Contains(reference) ? column.WithReference(reference) : column;
    }

    private string? Fault(string text)
    {
        if (_described is not null && !_described.ContainsKey(text)) { return $"not a level of {Name} ({string.Join(", ", Plan.Description!.Levels!.Select(level => level.Value))})"; }
        return Plan.Description?.Check is { } check ? CodeSystems.Fault(check, text) : null;
    }
}
