using System.Text.Json;

namespace BoneMet.RiskModels;

/// <summary>Reads one JSON object strictly: every fault is noted with its pointer, and so is every property nobody asked for.</summary>
internal sealed class ObjectReader
{
    private readonly Dictionary<string, JsonElement> properties = new(StringComparer.Ordinal);
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private readonly List<ModelFault> faults;

    public ObjectReader(JsonElement element, string pointer, List<ModelFault> faults)
    {
        JsonPointer = pointer;
        this.faults = faults;
        if (element.ValueKind != JsonValueKind.Object)
        {
            Fault("", $"must be an object, not {Kind(element)}");
            return;
        }
        foreach (var property in element.EnumerateObject())
        {
            if (!properties.TryAdd(property.Name, property.Value)) { Fault(property.Name, "is there twice"); }
        }
    }

    public string JsonPointer { get; }

    public bool Has(string name) => properties.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public void Fault(string name, string reason) => faults.Add(new(At(name), reason));

    public string At(string name) => name.Length == 0 ? JsonPointer : $"{JsonPointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public string Text(string name) => TextOrNull(name) is { Length: > 0 } text ? text : Missing(name, "a text");

    public string? TextOrNull(string name)
    {
        if (!Find(name, out var value)) { return null; }
        if (value.ValueKind == JsonValueKind.String)
        {
            try
            {
                return value.GetString();
            }
            catch (InvalidOperationException)
            {
                Fault(name, "holds text that is not valid Unicode");
                return null;
            }
        }
        Fault(name, $"must be a text, not {Kind(value)}");
        return null;
    }

    public string OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        var text = Text(name);
        if (text.Length > 0 && !allowed.Contains(text)) { Fault(name, $"is '{text}'; allowed: {string.Join(", ", allowed.ToArray())}"); }
        return text;
    }

    public double Number(string name)
    {
        if (NumberOrNull(name) is { } number) { return number; }
        if (!Has(name)) { Missing(name, "a number"); }
        return double.NaN;
    }

    public double? NumberOrNull(string name, double low = double.NegativeInfinity, double high = double.PositiveInfinity)
    {
        if (!Find(name, out var value)) { return null; }
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            Fault(name, value.ValueKind == JsonValueKind.Number ? "is a number out of the range of 64-bit floating point" : $"must be a number, not {Kind(value)}");
            return null;
        }
        if (number < low || number > high) { Fault(name, FormattableString.Invariant($"is {number}; it must lie between {low} and {high}")); }
        return number;
    }

    public int? CountOrNull(string name)
    {
        if (NumberOrNull(name) is not { } number) { return null; }
        if (number < 0 || number > int.MaxValue || number != Math.Floor(number))
        {
            Fault(name, FormattableString.Invariant($"is {number}; it must be a whole number, not negative"));
            return null;
        }
        return (int)number;
    }

    public bool Flag(string name, bool otherwise)
    {
        if (!Find(name, out var value)) { return otherwise; }
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) { return value.GetBoolean(); }
        Fault(name, $"must be true or false, not {Kind(value)}");
        return otherwise;
    }

    public bool RequiredFlag(string name)
    {
        if (!Has(name)) { Missing(name, "true or false"); }
        return Flag(name, false);
    }

    public IReadOnlyList<string> Texts(string name)
    {
        var texts = new List<string>();
        foreach (var (value, pointer) in Items(name))
        {
            if (value.ValueKind == JsonValueKind.String) { texts.Add(value.GetString()!); }
            else { faults.Add(new(pointer, $"must be a text, not {Kind(value)}")); }
        }
        return texts;
    }

    public IReadOnlyList<double> Numbers(string name)
    {
        var numbers = new List<double>();
        foreach (var (value, pointer) in Items(name))
        {
            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)) { numbers.Add(number); }
            else { faults.Add(new(pointer, "must be a finite number")); }
        }
        return numbers;
    }

    public List<(JsonElement Value, string JsonPointer)> Items(string name)
    {
        if (!Find(name, out var value)) { return []; }
        if (value.ValueKind != JsonValueKind.Array)
        {
            Fault(name, $"must be a list, not {Kind(value)}");
            return [];
        }
        return [.. value.EnumerateArray().Select((item, i) => (item, $"{At(name)}/{i}"))];
    }

    public List<T> List<T>(string name, Func<ObjectReader, T> read)
    {
        var list = new List<T>();
        foreach (var (value, pointer) in Items(name))
        {
            var reader = new ObjectReader(value, pointer, faults);
            list.Add(read(reader));
            reader.Finish();
        }
        return list;
    }

    public T? Optional<T>(string name, Func<ObjectReader, T> read)
        where T : class
    {
        if (!Find(name, out var value)) { return null; }
        var reader = new ObjectReader(value, At(name), faults);
        var result = read(reader);
        reader.Finish();
        return result;
    }

    public T Required<T>(string name, Func<ObjectReader, T> read, T otherwise)
        where T : class
    {
        if (Optional(name, read) is { } value) { return value; }
        Missing(name, "an object");
        return otherwise;
    }

    public LocalText Words(string name) => WordsOrNull(name) ?? new LocalText { En = Missing(name, "a text, or an object with en, zh and ru") };

    public LocalText? WordsOrNull(string name)
    {
        if (!Find(name, out var value)) { return null; }
        return value.ValueKind == JsonValueKind.String
            ? new LocalText { En = TextOrNull(name) ?? "" }
            : Optional(name, reader => new LocalText { En = reader.Text("en"), Zh = reader.TextOrNull("zh"), Ru = reader.TextOrNull("ru") });
    }

    public List<LocalText> WordsList(string name)
    {
        var list = new List<LocalText>();
        foreach (var (value, pointer) in Items(name))
        {
            if (value.ValueKind == JsonValueKind.String) { list.Add(new() { En = value.GetString()! }); }
            else
            {
                var reader = new ObjectReader(value, pointer, faults);
                list.Add(new() { En = reader.Text("en"), Zh = reader.TextOrNull("zh"), Ru = reader.TextOrNull("ru") });
                reader.Finish();
            }
        }
        return list;
    }

    /// <summary>Says which properties nobody asked for: a misspelt name must not be passed over in silence.</summary>
    public void Finish()
    {
        foreach (var name in properties.Keys)
        {
            if (!asked.Contains(name)) { Fault(name, "is not a property known here"); }
        }
    }

    private bool Find(string name, out JsonElement value)
    {
        asked.Add(name);
        return properties.TryGetValue(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private string Missing(string name, string what)
    {
        if (!faults.Exists(fault => fault.JsonPointer == At(name))) { Fault(name, $"is missing; {what} is needed"); }
        return "";
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
