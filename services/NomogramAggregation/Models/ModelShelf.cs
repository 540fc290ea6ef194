using BoneMet.Hosting;
using BoneMet.RiskModels;
using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Models;

/// <summary>The model library of this platform: what is built in, and what was published here. The newest version of an id answers.</summary>
internal sealed class ModelShelf(IDocumentCollection<PublishedModel> published, TimeProvider clock)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);
    private volatile ModelLibrary library = ModelLibrary.BuiltIn;
    private long readAt = -1;

    public IReadOnlyList<CompiledModel> All => Current().All;

    public CompiledModel? Find(string id, string? version = null) => Current().Find(id, version);

    /// <summary>The very model that a stored prediction was made with; null when it is no longer here.</summary>
    public CompiledModel? OfPrediction(RiskModels.Prediction prediction) => Current().FindBySha256(prediction.ModelSha256);

    /// <summary>The model document as published; null when there is none of this id.</summary>
    public string? Json(string id) => Find(id) is { } model ? ModelFile.Save(model.Model) : null;

    /// <summary>The prediction of the most specific model that can run; null when none can.</summary>
    public RiskModels.Prediction? Predict(string cancerType, string? histology, IReadOnlyList<CodedFactor> coded, IReadOnlyList<LabelInput> labels) =>
        ModelGroup.Predict(Current(), cancerType, histology, ModelOutcome.SynchronousBoneMetastasis, coded, labels);

    /// <exception cref="ProblemException">400 with every fault of the document; 409 when this version exists with other content.</exception>
    public async Task<CompiledModel> Publish(string json, CancellationToken cancellation)
    {
        var load = ModelFile.Load(json);
        if (load.Model is not { } model)
        {
            throw Problems.BadRequest("model-faults", $"The model document has {load.Faults.Count} fault(s); the first: {load.Faults[0]}")
                .With("errors", load.Faults.Select(fault => new { pointer = fault.JsonPointer, detail = fault.Reason }));
        }
        var sha256 = ModelFile.Sha256(model);
        var id = $"{model.Id}@{model.Version}";
        var saved = await published.TrySave(new PublishedModel { Id = id, Json = json, Sha256 = sha256, At = clock.GetUtcNow() }, cancellation);
        if (saved is null && (await published.Find(id, cancellation))?.Sha256 != sha256)
        {
            throw Problems.Conflict("model-version-exists", $"Version {model.Version} of '{model.Id}' is published with other content; a changed model needs a new version.");
        }
        await Read(cancellation);
        return Find(model.Id) ?? new CompiledModel(model);
    }

    /// <summary>Models published by another process are seen within ten seconds; the reader who finds the shelf old does not wait for it.</summary>
    private ModelLibrary Current()
    {
        var last = Interlocked.Read(ref readAt);
        if (last < 0 || clock.GetElapsedTime(last) > Freshness)
        {
            if (Interlocked.CompareExchange(ref readAt, clock.GetTimestamp(), last) == last)
            {
                var read = Read(CancellationToken.None);
                if (last < 0) { read.GetAwaiter().GetResult(); }
            }
        }
        return library;
    }

    private async Task Read(CancellationToken cancellation)
    {
        var models = new List<CompiledModel>();
        string? after = null;
        do
        {
            var page = await published.Query(after: after, limit: 100, cancellation: cancellation);
            foreach (var document in page.Items)
            {
                if (library.FindBySha256(document.Sha256) is { } known) { models.Add(known); }
                else if (ModelFile.Load(document.Json).Model is { } model) { models.Add(new CompiledModel(model)); }
            }
            after = page.Next;
        }
        while (after is not null);
        library = ModelLibrary.BuiltIn.With(models);
    }
}
