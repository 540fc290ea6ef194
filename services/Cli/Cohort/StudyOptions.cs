using System.CommandLine;
using System.Globalization;
using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Studies;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cli.Cohort;

/// <summary>The options that every study shares, and the protocol that they make.</summary>
internal sealed class StudyOptions(StudyKind kind)
{
    private readonly Option<FileInfo?> _protocol = new("--protocol") { Description = "A frozen study protocol (bonemet.study/1) instead of the options below" };
    private readonly Option<string?> _outcome = new("--outcome") { Description = "Outcome column (two values)" };
    private readonly Option<string?> _event = new("--event") { Description = "Value of the outcome that is the event" };
    private readonly Option<string[]> _factors = new("--factors") { Description = "Factors, separated by commas: age, factor(race), rcs(psa,4), age:sex", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _spline = new("--spline") { Description = "Restricted cubic splines: age:4 (column and knots)", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _reference = new("--reference") { Description = "Reference levels: sex=Male", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> _lasso = new("--lasso") { Description = "Add the LASSO path with the penalty that cross-validation chooses (the same as --alpha 1)" };
    private readonly Option<double?> _alpha = new("--alpha") { Description = "Add an elastic net: 1 LASSO, 0 ridge" };
    private readonly Option<string[]> _lambda = new("--lambda") { Description = "Penalties of the path: 0.02,0.01; default: glmnet's grid", AllowMultipleArgumentsPerToken = true };
    private readonly Option<FileInfo?> _second = new("--validate-on") { Description = "Second cohort: external validation of the model, or of the prognostic categories (strata, survival, atlas)" };
    private readonly Option<int?> _categories = new("--categories") { Description = "Prognostic categories that strata are clustered into by survival (default 3)" };
    private readonly Option<string[]> _reduced = new("--reduced") { Description = "Factors of a smaller model to compare with (paired DeLong test)", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _later = new("--known-later") { Description = "Factors that are not known at the time of prediction", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _strata = new("--strata") { Description = "Stratum column: cancer type, histology, stage" };
    private readonly Option<string?> _site = new("--site") { Description = "Site column: robust errors, leave-one-site-out" };
    private readonly Option<string?> _time = new("--time") { Description = "Follow-up column" };
    private readonly Option<string?> _status = new("--status") { Description = "Column that says whether the follow-up ended with the event; default: the outcome" };
    private readonly Option<string[]> _times = new("--times") { Description = "Times at which survival is listed: 12,36,60", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> _ties = new("--ties") { Description = "efron or breslow", DefaultValueFactory = _ => "efron" };
    private readonly Option<long> _seed = new("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _bootstrap = new("--bootstrap") { Description = "Bootstrap samples", DefaultValueFactory = _ => kind == StudyKind.Validate ? 200 : 0 };
    private readonly Option<int> _imputations = new("--imputations") { Description = "Imputed tables", DefaultValueFactory = _ => 5 };
    private readonly Option<string> _missing = new("--missing") { Description = "complete-case or indicator", DefaultValueFactory = _ => "complete-case" };
    private readonly Option<bool> _firth = new("--firth") { Description = "Firth's penalised likelihood (for separated data)" };
    private readonly Option<bool> _matched = new("--matched") { Description = "Cases and controls were matched, or cases enriched" };
    private readonly Option<double?> _prevalence = new("--prevalence") { Description = "Share with the event in the population that the model is for" };
    private readonly Option<string?> _dictionary = new("--dictionary") { Description = "Data dictionary (JSON), or 'builtin'" };
    private readonly Option<string?> _encoding = new("--encoding") { Description = "utf-8, gb18030, windows-1251 or utf-16; default: found out" };
    private readonly Option<string?> _delimiter = new("--delimiter") { Description = "Cell separator (',' ';' or 'tab'); default: found out" };
    private readonly Option<string?> _decimal = new("--decimal") { Description = "Decimal sign ('.' or ','); default: found out" };

    public Option<string?> Json { get; } = new("--json") { Description = "Write the results as JSON to this file, or '-' for standard output" };

    public Option<FileInfo?> Report { get; } = new("--report") { Description = "Write one self-contained HTML report" };

    public IEnumerable<Option> All =>
        [_protocol, _outcome, _event, _factors, _spline, _reference, _reduced, _later, _strata, _site, _time, _status, _times, _ties, _seed, _bootstrap, _imputations, _missing, _firth, _matched, _prevalence,
            .. IsModel ? [_lasso, _alpha, _lambda] : Array.Empty<Option>(), .. IsModel || kind is StudyKind.Strata or StudyKind.Survival or StudyKind.Atlas ? [_second] : Array.Empty<Option>(),
            .. kind is StudyKind.Strata or StudyKind.Survival or StudyKind.Atlas ? [_categories] : Array.Empty<Option>(), _dictionary, _encoding, _delimiter, _decimal, Json, Report];

    private bool IsModel => kind is StudyKind.Fit or StudyKind.Validate or StudyKind.Nomogram;

    public async Task<StudyProtocol> Protocol(ParseResult parse, CancellationToken cancellation)
    {
        if (parse.GetValue(_protocol) is { } file)
        {
            if (!file.Exists) { throw new StudyException($"There is no file {file}."); }
            return StudyProtocol.Parse(await File.ReadAllTextAsync(file.FullName, cancellation));
        }
        var survival = kind == StudyKind.Survival;
        var protocol = new StudyProtocol
        {
            Kind = kind,
            Outcome = parse.GetValue(_outcome) ?? (survival ? parse.GetValue(_status) ?? "status" : throw new StudyException("Say which column is the outcome: --outcome COLUMN.")),
            Event = parse.GetValue(_event), Factors = List(parse.GetValue(_factors)), Splines = Splines(parse), References = References(parse),
            Reduced = List(parse.GetValue(_reduced)), KnownLater = List(parse.GetValue(_later)), Strata = parse.GetValue(_strata), Site = parse.GetValue(_site), Time = parse.GetValue(_time) ?? (survival ? "time" : null),
            Status = parse.GetValue(_status), Times = [.. List(parse.GetValue(_times)).Select(t => Number(t, "--times"))], Ties = parse.GetValue(_ties)!, Seed = parse.GetValue(_seed),
            Bootstrap = parse.GetValue(_bootstrap), Imputations = parse.GetValue(_imputations), Firth = parse.GetValue(_firth), Matched = parse.GetValue(_matched), Prevalence = parse.GetValue(_prevalence),
            Alpha = IsModel ? parse.GetValue(_alpha) ?? (parse.GetValue(_lasso) ? 1 : null) : null,
            Lambdas = IsModel && parse.GetValue(_lambda) is { Length: > 0 } lambdas ? [.. List(lambdas).Select(t => Number(t, "--lambda"))] : null, Categories = parse.GetValue(_categories),
            Missing = parse.GetValue(_missing) switch
            {
                "complete-case" => MissingPolicy.CompleteCase,
                "indicator" => MissingPolicy.Indicator,
                var other => throw new StudyException($"--missing is complete-case or indicator, not '{other}'; for imputation use 'cohort impute'."),
            },
        };
        protocol.Check();
        return protocol;
    }

    public LoadedTable Load(ParseResult parse, string path, StudyProtocol protocol, CancellationToken cancellation)
    {
        return TableReader.Read(path, Reader(parse) with { StrictColumns = protocol.UsedColumns() }, cancellation);
    }

    /// <summary>The second cohort; null where none is asked for.</summary>
    public LoadedTable? Second(ParseResult parse, StudyProtocol protocol, CancellationToken cancellation)
    {
        if (parse.GetValue(_second) is not { } file) { return null; }
        return file.Exists ? Load(parse, file.FullName, protocol, cancellation) : throw new StudyException($"There is no file {file}.");
    }

    private TableReaderOptions Reader(ParseResult parse) => new()
    {
        Encoding = parse.GetValue(_encoding),
        Delimiter = parse.GetValue(_delimiter) switch { null => null, "tab" or "\\t" => '\t', [var c] => c, var other => throw new StudyException($"--delimiter is one sign or 'tab', not '{other}'.") },
        DecimalSign = parse.GetValue(_decimal) switch { null => null, "." => '.', "," => ',', var other => throw new StudyException($"--decimal is '.' or ',', not '{other}'.") },
        Dictionary = parse.GetValue(_dictionary) switch
        {
            null => null,
            "builtin" => DataDictionary.BuiltIn,
            var path => File.Exists(path) ? DataDictionary.Parse(File.ReadAllBytes(path)) : throw new StudyException($"There is no file {path}."),
        },
    };

    private Dictionary<string, int> Splines(ParseResult parse)
    {
        var splines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in List(parse.GetValue(_spline)))
        {
            var at = text.LastIndexOf(':');
            if (at <= 0 || !int.TryParse(text[(at + 1)..], out var knots)) { throw new StudyException($"--spline wants column:knots, for instance age:4, not '{text}'."); }
            splines[text[..at]] = knots;
        }
        return splines;
    }

    private Dictionary<string, string> References(ParseResult parse)
    {
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in List(parse.GetValue(_reference)))
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) { throw new StudyException($"--reference wants column=level, not '{text}'."); }
            references[text[..at]] = text[(at + 1)..];
        }
        return references;
    }

    /// <summary>Splits at commas outside brackets, so that <c>rcs(age,4)</c> stays whole.</summary>
    private static List<string> List(string[]? values)
    {
        var items = new List<string>();
        foreach (var value in values ?? [])
        {
            var depth = 0;
            var from = 0;
            for (var i = 0; i <= value.Length; i++)
            {
                if (i < value.Length && value[i] == '(') { depth++; }
                if (i < value.Length && value[i] == ')') { depth--; }
                if (i < value.Length && (value[i] != ',' || depth > 0)) { continue; }
                if (value[from..i].Trim() is { Length: > 0 } item) { items.Add(item); }
                from = i + 1;
            }
        }
        return items;
    }

    private static double Number(string text, string option) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw new StudyException($"{option} wants numbers, not '{text}'.");
}
