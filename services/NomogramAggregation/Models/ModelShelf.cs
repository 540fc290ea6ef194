using System.Security.Cryptography;
using System.Text;
using BoneMet.Hosting;
using BoneMet.RiskModels;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.NomogramAggregation.Models;

/// <summary>The model library of this platform: what is built in, what was published here, and which versions answer.</summary>
internal sealed partial class ModelShelf(
    IDocumentCollection<PublishedModel> published, IDocumentCollection<ModelStanding> standings, IDocumentCollection<KeptLibrary> kept,
    IOptions<ModelOptions> options, TimeProvider clock, ILogger<ModelShelf> logger)
{
    private readonly List<byte[]> trusted = [.. options.Value.TrustedKeys.Select(Convert.FromBase64String)];
    private FreshCopy<ShelfContent>? copy;

    /// <summary>Everything as it stands now.</summary>
    public ShelfContent Content => Copy.Value;

    private FreshCopy<ShelfContent> Copy => LazyInitializer.EnsureInitialized(ref copy, () => new FreshCopy<ShelfContent>(ReadAll, clock));

    /// <summary>A model that answers for the site; "id@version" names any version, retired ones too.</summary>
    /// <exception cref="ProblemException">404: there is none; 410: every version is retired.</exception>
    public CompiledModel Get(string name, string site)
    {
        var shelf = Content;
        var found = ModelReference.TryParse(name, out var reference) ? shelf.Every.Find(reference.Id, reference.Version) : shelf.Answering(site).Find(name);
        if (found is not null) { return found; }
        if (reference is null && shelf.Every.Find(name) is not null)
        {
            throw Problems.Gone("model-retired", $"No version of '{name}' answers any more{(shelf.Standing(name)?.Retired is [.., var last] ? $": {last.Reason}" : "")}; '{name}@VERSION' names a retired one.");
        }
        throw Problems.NotFound("model-not-found", $"There is no model '{name}'; GET /api/v1/models lists them.");
    }

    /// <summary>The very model that a stored prediction was made with; null when it is no longer here.</summary>
    public CompiledModel? OfPrediction(RiskModels.Prediction prediction) => Content.FindBySha256(prediction.ModelSha256);

    /// <summary>The prediction of the most specific model that can run; null when none can.</summary>
    public RiskModels.Prediction? Predict(string site, string cancerType, string? histology, IReadOnlyList<CodedFactor> coded, IReadOnlyList<LabelInput> labels) =>
        ModelGroup.Predict(Content.Answering(site), cancerType, histology, ModelOutcome.SynchronousBoneMetastasis, coded, labels);

    /// <exception cref="ProblemException">400 with every fault of the document, an unsuitable signature among them; 409 when this version exists with other content.</exception>
    public async Task<CompiledModel> Publish(string json, CancellationToken cancellation)
    {
        var load = ModelFile.Load(json);
        var faults = load.Model is { } loaded && SignatureFault(loaded) is { } unsigned ? [unsigned] : load.Faults;
        if (load.Model is not { } model || faults.Count > 0)
        {
            throw Problems.BadRequest("model-faults", $"The model document has {faults.Count} fault(s); the first: {faults[0]}")
                .With("errors", faults.Select(fault => new { pointer = fault.JsonPointer, detail = fault.Reason }));
        }
        var sha256 = ModelFile.Sha256(model);
        var id = $"{model.Id}@{model.Version}";
        if (Content.Every.Find(model.Id, model.Version) is { } there && there.Sha256 != sha256) { throw Exists(model); }

        var saved = await published.TrySave(new PublishedModel { Id = id, Json = json, Sha256 = sha256, At = clock.GetUtcNow() }, cancellation);
        if (saved is null && (await published.Find(id, cancellation))?.Sha256 != sha256) { throw Exists(model); }
        await Read(cancellation);
        return Content.Every.Find(model.Id, model.Version) ?? new CompiledModel(model);
    }

    /// <summary>Keeps the built-in models of this release, once.</summary>
    public async Task Keep(CancellationToken cancellation)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', ModelLibrary.BuiltIn.Versions.Select(model => model.Sha256)))));
        if (await kept.Find(digest, cancellation) is not null) { return; }
        await kept.TrySave(new KeptLibrary { Id = digest, Models = [.. ModelLibrary.BuiltIn.Versions.Select(model => new KeptModel(model.Sha256, ModelFile.Save(model.Model)))], At = clock.GetUtcNow() }, cancellation);
    }

    /// <summary>Reads the shelf anew.</summary>
    public Task Read(CancellationToken cancellation) => Copy.Read(cancellation);

    private async Task<ShelfContent> ReadAll(CancellationToken cancellation)
    {
        var known = Copy.Known;
        CompiledModel? Known(string sha256) => known is null ? ModelLibrary.BuiltIn.FindBySha256(sha256) : known.FindBySha256(sha256);
        var models = new List<CompiledModel>();
        var earlier = new Dictionary<string, CompiledModel>(StringComparer.Ordinal);
        await foreach (var document in published.All(cancellation: cancellation))
        {
            if ((Known(document.Sha256) ?? Compile(document.Json)) is not { } model) { continue; }

            // A later release of the software may ship this version with other numbers: the built-in one answers, the published one stays readable by its hash.
            if (ModelLibrary.BuiltIn.Find(model.Model.Id, model.Model.Version) is { } shipped && shipped.Sha256 != model.Sha256)
            {
                LogHidden(document.Id);
                earlier[model.Sha256] = model;
            }
            else { models.Add(model); }
        }
        var standing = new Dictionary<string, ModelStanding>(StringComparer.Ordinal);
        await foreach (var document in standings.All(cancellation: cancellation)) { standing[document.Id] = document; }
        var every = ModelLibrary.BuiltIn.With(models);
        await foreach (var library in kept.All(cancellation: cancellation))
        {
            foreach (var (sha256, json) in library.Models)
            {
                if (every.FindBySha256(sha256) is null && (Known(sha256) ?? Compile(json)) is { } model) { earlier[sha256] = model; }
            }
        }
        return new ShelfContent(every, standing, earlier);
    }

    private static CompiledModel? Compile(string json) => ModelFile.Load(json).Model is { } model ? new CompiledModel(model) : null;

    private static ProblemException Exists(RiskModel model) =>
        Problems.Conflict("model-version-exists", $"Version {model.Version} of '{model.Id}' is there with other content; a changed model needs a new version.");

    private ModelFault? SignatureFault(RiskModel model) => ModelSigning.Verify(model, trusted) switch
    {
        SignatureState.Tampered => new("/signature", $"does not fit: the document was changed after key {model.Signature!.KeyId} signed it"),
        SignatureState.Absent when !options.Value.AcceptUnsigned => new("/signature", "is missing: 'bonemet model sign FILE --key KEYFILE' makes one"),
        SignatureState.UnknownKey when trusted.Count > 0 => new("/signature", $"is by key {model.Signature!.KeyId}, which is not among Models:TrustedKeys"),
        _ => null,
    };

    [LoggerMessage(EventId = 6201, Level = LogLevel.Warning, Message = "Published model {Id} differs from the built-in model of the same version, which answers")]
    private partial void LogHidden(string id);
}
