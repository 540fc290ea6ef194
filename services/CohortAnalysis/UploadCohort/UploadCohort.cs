using BoneMet.CohortAnalysis.Cohorts;
using BoneMet.Statistics.Tables;
using BoneMet.Storage;

namespace BoneMet.CohortAnalysis.UploadCohort;

/// <summary>Stores a cohort's bytes, then reads them once to see that they are a table.</summary>
internal static class UploadCohort
{
    public static async Task<CohortDocument> Handle(Stream body, long limit, string name, string site, IBlobStore blobs, IDocumentCollection<CohortDocument> cohorts, TimeProvider clock, CancellationToken cancellation)
    {
        var blob = await blobs.Put(body, limit, cancellation);
        var path = await blobs.LocalPath(blob.Sha256, cancellation) ?? throw new InvalidOperationException("A blob that was just stored is not there.");
        var loaded = await Task.Run(() => TableReader.Read(path, null, cancellation), cancellation);
        var document = new CohortDocument
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), Site = site, Name = name, Sha256 = blob.Sha256, Bytes = blob.Length, Rows = loaded.Table.Rows,
            Columns = [.. loaded.Table.Columns.Select(Column)], RejectedCells = loaded.RejectionCount, Notes = loaded.Notes, At = clock.GetUtcNow(),
        };
        return await cohorts.TrySave(document, cancellation) ?? throw new InvalidOperationException("A new id was taken already.");
    }

    private static CohortColumn Column(Column column) => column switch
    {
        NumericColumn => new(column.Name, "numeric", column.MissingCount, null),
        CategoricalColumn factor => new(column.Name, "categorical", column.MissingCount, factor.Levels.Length),
        _ => new(column.Name, "date", column.MissingCount, null),
    };
}
