using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BoneMet.Cohorts.Studies;

namespace BoneMet.Cohorts.Protocols;

/// <summary>Everything that decides a study's numbers besides the data: <c>bonemet.study/1</c>. Frozen before the data are looked at.</summary>
public sealed record StudyProtocol
{
    /// <summary>The format's name.</summary>
    public const string Format = "bonemet.study/1";

    /// <summary>Most bootstrap samples that are taken.</summary>
    public const int MaximumBootstrap = 20_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Format name and version.</summary>
    public string Schema { get; init; } = Format;

    /// <summary>What is done.</summary>
    public required StudyKind Kind { get; init; }

    /// <summary>Outcome column: two values.</summary>
    public required string Outcome { get; init; }

    /// <summary>Value of the outcome that is the event; null: 1, the higher number, or the second level.</summary>
    public string? Event { get; init; }

    /// <summary>Factors: column names, <c>factor(x)</c>, <c>rcs(x,4)</c>, <c>a:b</c>; empty: every column that can be a factor.</summary>
    public IReadOnlyList<string> Factors { get; init; } = [];

    /// <summary>Knots of restricted cubic splines by column.</summary>
    public IReadOnlyDictionary<string, int> Splines { get; init; } = new Dictionary<string, int>();

    /// <summary>Reference level by column; others take the first level.</summary>
    public IReadOnlyDictionary<string, string> References { get; init; } = new Dictionary<string, string>();

    /// <summary>Mixing of a penalised model beside the unpenalised one: 1 LASSO, 0 ridge, between them elastic net; null with no penalties: none.</summary>
    public double? Alpha { get; init; }

    /// <summary>Penalties λ; null: glmnet's grid.</summary>
    public IReadOnlyList<double>? Lambdas { get; init; }

    /// <summary>SHA-256 of the cohort on which the result is validated.</summary>
    public string? ValidateOn { get; init; }

    /// <summary>Prognostic categories into which strata are clustered by survival; null: 3.</summary>
    public int? Categories { get; init; }

    /// <summary>Factors of a smaller model to compare with.</summary>
    public IReadOnlyList<string> Reduced { get; init; } = [];

    /// <summary>Stratum column.</summary>
    public string? Strata { get; init; }

    /// <summary>Site column: robust errors by site, leave-one-site-out.</summary>
    public string? Site { get; init; }

    /// <summary>Follow-up column.</summary>
    public string? Time { get; init; }

    /// <summary>Column that says whether the follow-up ended with the event; null: the outcome.</summary>
    public string? Status { get; init; }

    /// <summary>Times at which survival is listed.</summary>
    public IReadOnlyList<double> Times { get; init; } = [];

    /// <summary>Ties of the Cox model: <c>efron</c> or <c>breslow</c>.</summary>
    public string Ties { get; init; } = "efron";

    /// <summary>Seed of everything random.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Bootstrap samples; 0: none.</summary>
    public int Bootstrap { get; init; }

    /// <summary>Imputations of an <c>impute</c> study.</summary>
    public int Imputations { get; init; } = 5;

    /// <summary>Treatment of missing factors.</summary>
    public MissingPolicy Missing { get; init; }

    /// <summary>Firth's penalised likelihood.</summary>
    public bool Firth { get; init; }

    /// <summary>Cases and controls were matched, or cases enriched.</summary>
    public bool Matched { get; init; }

    /// <summary>Share with the event in the population that the model is for.</summary>
    public double? Prevalence { get; init; }

    /// <summary>Factors that are not known when the prediction is made.</summary>
    public IReadOnlyList<string> KnownLater { get; init; } = [];

    /// <summary>Reads a protocol.</summary>
    /// <exception cref="StudyException">It is not one; the message names the field.</exception>
    public static StudyProtocol Parse(string json)
    {
        StudyProtocol protocol;
        try { protocol = JsonSerializer.Deserialize<StudyProtocol>(json, Json) ?? throw new StudyException("The study protocol is empty."); }
        catch (JsonException exception) { throw new StudyException($"The study protocol cannot be read at {exception.Path ?? "its start"}: {FirstSentence(exception.Message)}"); }
        protocol.Check();
        return protocol;
    }

    /// <summary>Throws when the protocol contradicts itself.</summary>
    /// <exception cref="StudyException">One sentence.</exception>
    public void Check()
    {
        if (Schema != Format) { throw new StudyException($"The study protocol says schema '{Schema}', not '{Format}'."); }
        if (string.IsNullOrWhiteSpace(Outcome)) { throw new StudyException("The study needs an outcome column."); }
        if (Bootstrap is < 0 or > MaximumBootstrap) { throw new StudyException($"{Bootstrap} bootstrap samples are not between 0 and {MaximumBootstrap}."); }
        if (Imputations is < 2 or > 200) { throw new StudyException($"{Imputations} imputations are not between 2 and 200."); }
        if (Ties is not ("efron" or "breslow")) { throw new StudyException($"Ties are treated by 'efron' or 'breslow', not '{Ties}'."); }
        if (Prevalence is <= 0 or >= 1) { throw new StudyException($"The prevalence {Prevalence} is not between 0 and 1."); }
        if (Alpha is < 0 or > 1 or double.NaN) { throw new StudyException($"Alpha is {Alpha}; it lies between 0 (ridge) and 1 (LASSO)."); }
        foreach (var lambda in Lambdas ?? []) { if (!(lambda >= 0) || double.IsInfinity(lambda)) { throw new StudyException($"The penalty {lambda} is not a finite number from 0 up."); } }
        if (Categories is < 2 or > 20) { throw new StudyException($"{Categories} prognostic categories are not between 2 and 20."); }
        foreach (var (column, knots) in Splines) { if (knots is < 3 or > 7) { throw new StudyException($"The spline of {column} has {knots} knots; 3 to 7 are possible."); } }
        foreach (var time in Times) { if (!(time >= 0) || double.IsInfinity(time)) { throw new StudyException($"{time} is not a follow-up time."); } }
        if (Strata is not null && Strata == Outcome) { throw new StudyException($"The column {Outcome} cannot be outcome and stratum at once."); }
        if (Factors.Contains(Outcome)) { throw new StudyException($"The column {Outcome} cannot be outcome and factor at once."); }
    }

    /// <summary>Columns that the study uses by name; a NaN in them stops the reading.</summary>
    public IReadOnlySet<string> UsedColumns()
    {
        HashSet<string> used = [Outcome, .. Factors, .. Splines.Keys];
        foreach (var factor in Factors) { used.UnionWith(factor.Split(['(', ')', ',', ':', '*', ' '], StringSplitOptions.RemoveEmptyEntries)); }
        foreach (var name in (string?[])[Strata, Site, Time, Status]) { if (name is not null) { used.Add(name); } }
        return used;
    }

    /// <summary>The protocol as JSON, always in the same order of fields.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>SHA-256 of <see cref="ToJson"/>, lower-case hexadecimal.</summary>
    public string Sha256() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson())));

    private static string FirstSentence(string text)
    {
        var end = text.IndexOf(" Path:", StringComparison.Ordinal);
        return end > 0 ? text[..end] : text;
    }
}
