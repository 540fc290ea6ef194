using System.CommandLine;
using System.Text;
using BoneMet.Cli.Models;
using BoneMet.Cohorts.Publishing;
using BoneMet.Cohorts.Studies;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Cohort;

/// <summary><c>--publish</c>: the fitted model as a risk model document, in a file, a folder or a platform's library.</summary>
internal sealed class PublishOptions
{
    private readonly Option<string?> _publish = new("--publish") { Description = "Write the model as a risk model document: a file, a folder, or the address of a platform (http…)" };
    private readonly Option<string?> _id = new("--model-id") { Description = "Id of the published model (kebab case)" };
    private readonly Option<string> _version = new("--model-version") { Description = "Version of the published model", DefaultValueFactory = _ => "1.0.0" };
    private readonly Option<string> _cancer = new("--cancer") { Description = "Cancer type of the published model, or 'any'", DefaultValueFactory = _ => "any" };
    private readonly Option<string> _event = new("--model-event") { Description = "bone-metastasis, distant-metastasis or death", DefaultValueFactory = _ => ModelOutcome.BoneMetastasis };
    private readonly Option<string> _timing = new("--timing") { Description = "synchronous, metachronous or not-stated", DefaultValueFactory = _ => ModelOutcome.Synchronous };
    private readonly Option<double?> _horizon = new("--horizon") { Description = "Months, for a metachronous outcome" };
    private readonly Option<string> _used = new("--used-at") { Description = "diagnosis, staging, treatment or follow-up", DefaultValueFactory = _ => "staging" };
    private readonly Option<string?> _key = new("--api-key") { Description = "API key of the platform (default: BONEMET_API_KEY)" };
    private readonly Option<string?> _sign = new("--sign-key") { Description = "Private key to sign the model with (see `bonemet model sign`); a platform takes signed models only" };
    private readonly Option<string[]> _labels = new("--label") { Description = "Columns that are image labels, and the card of the encoder that made them: imaging=lesion.card.json", AllowMultipleArgumentsPerToken = true };

    public IEnumerable<Option> All => [_publish, _id, _version, _cancer, _event, _timing, _horizon, _used, _key, _sign, _labels];

    /// <summary>Publishes when asked to.</summary>
    public async Task Run(ParseResult parse, StudyResult result, string source, CancellationToken cancellation)
    {
        if (parse.GetValue(_publish) is not { } target) { return; }
        var id = parse.GetValue(_id) ?? Kebab(Path.GetFileNameWithoutExtension(source));
        if (result.HasModel)
        {
            await Publish(parse, result, target, new() { Id = id, CancerType = parse.GetValue(_cancer)!, Cohort = source }, cancellation);
            return;
        }
        if (!IsAddress(target)) { Directory.CreateDirectory(target); }
        if (result.TypeResults.Count == 0) { throw new StudyException("No cancer type has a model of its own; nothing was published."); }
        foreach (var (type, model) in result.TypeResults)
        {
            await Publish(parse, model, target, new() { Id = $"{id}-{Kebab(type)}", CancerType = Cancer(type), Cohort = $"{source}, {type} only" }, cancellation);
        }
    }

    private async Task Publish(ParseResult parse, StudyResult result, string target, PublicationDetails details, CancellationToken cancellation)
    {
        var document = ModelPublisher.Document(result, details with { Version = parse.GetValue(_version)!, Event = parse.GetValue(_event)!, Timing = parse.GetValue(_timing)!, HorizonMonths = parse.GetValue(_horizon), UsedAt = parse.GetValue(_used)!, Labels = Labels(parse.GetValue(_labels) ?? []) });
        if (parse.GetValue(_sign) is { } signer)
        {
            try { document = ModelSigning.Sign(document, SignModel.Key(signer)); }
            catch (ModelCommandException fault) { throw new StudyException(fault.Message); }
        }
        var json = ModelFile.Save(document);
        if (IsAddress(target)) { await Send(parse, json, target, cancellation); }
        else
        {
            if (Directory.Exists(target)) { target = Path.Combine(target, $"{document.Id}-{document.Version}.json"); }
            await File.WriteAllTextAsync(target, json, cancellation);
        }
        await Console.Error.WriteLineAsync($"published: {document.Id} {document.Version}, SHA-256 {ModelFile.Sha256(document)}, {target}");
    }

    private async Task Send(ParseResult parse, string json, string platform, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = new Uri(platform.TrimEnd('/') + "/") };
        if ((parse.GetValue(_key) ?? Environment.GetEnvironmentVariable("BONEMET_API_KEY")) is { } key) { client.DefaultRequestHeaders.Add("X-Api-Key", key); }
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        HttpResponseMessage answer;
        try { answer = await client.PostAsync(new Uri("api/v1/models", UriKind.Relative), content, cancellation); }
        catch (HttpRequestException) { throw new StudyException($"The platform at {platform} does not answer; the model was not published."); }
        using (answer)
        {
            if (!answer.IsSuccessStatusCode) { throw new StudyException($"The platform at {platform} did not take the model: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}"); }
        }
    }

    private static bool IsAddress(string target) => target.StartsWith("http://", StringComparison.Ordinal) || target.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>The cancer type of the platform with that name; any, where there is none.</summary>
    private static string Cancer(string type) => FactorDictionary.Level("cancer-type", type) ?? "any";

    private static Dictionary<string, LabelSource> Labels(string[] given)
    {
        var labels = new Dictionary<string, LabelSource>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || !File.Exists(text[(at + 1)..])) { throw new StudyException($"--label wants column=CARD.json of an encoder that exists, not '{text}'."); }
            try
            {
                var package = Training.EncoderPackageFile.Read(text[(at + 1)..]);
                if (package.Modality != text[..at]) { throw new StudyException($"--label {text}: this encoder is for {package.Modality}, so its column must be called so."); }
                labels[text[..at]] = new(package.Id, package.Sha256);
            }
            catch (Training.TrainingFailure failure) { throw new StudyException(failure.Message); }
        }
        return labels;
    }

    private static string Kebab(string text)
    {
        var kebab = string.Join('-', text.ToLowerInvariant().Split([.. text.ToLowerInvariant().Where(c => !char.IsAsciiLetterOrDigit(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries));
        return kebab.Length > 0 ? kebab : "cohort-model";
    }
}
