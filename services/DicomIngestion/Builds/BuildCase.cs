using System.Security.Cryptography;
using System.Text;
using BoneMet.Contracts.Events;
using BoneMet.Dicom;
using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Spooling;
using BoneMet.DicomIngestion.Volumes;
using BoneMet.Hosting;
using BoneMet.Imaging.Volumes;
using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Builds;

/// <summary>Makes the volume and the lesion mask of a case from all instances that it holds. A pure function of those bytes and the region asked for.</summary>
internal sealed class BuildCase(IDocumentCollection<HeldInstance> instances, IBlobStore blobs, Spool spool, TimeProvider clock)
{
    private static readonly string[] VolumeModalities = ["CT", "MR", "PT"];

    public async Task<BuiltImaging> Handle(CaseImaging imaging, CancellationToken cancellation)
    {
        var held = await HeldInstances.OfCase(instances, imaging.Id, cancellation);
        var material = Material(held, imaging.Region);
        if (imaging.Stored is { } same && same.Material == material) { return new BuiltImaging(same, null, imaging.Regions); }
        var regions = new List<RegionSource>();
        try
        {
            foreach (var instance in held.Where(instance => RegionReader.IsRegionClass(instance.SopClassUid)))
            {
                var file = await Open(instance, cancellation);
                regions.AddRange(RegionReader.Read(file.Dataset, file.TransferSyntax));
            }
            var chosen = Choose(regions, imaging.Region);
            var series = ChooseSeries(held, chosen);
            var stored = await Build(imaging, held, series, chosen, regions, material, cancellation);
            return new BuiltImaging(stored, null, Listed(regions, stored.Mask is null ? null : chosen));
        }
        catch (Exception fault) when (fault is UnusableSeriesException or VolumeException or DicomException)
        {
            var code = fault is UnusableSeriesException unusable ? unusable.Code : fault is VolumeException ? "volume-not-usable" : "instance-unreadable";
            var reason = fault is UnusableSeriesException ? fault.Message : $"The images cannot be made into a volume: {fault.Message.TrimEnd('.')}.";
            return new BuiltImaging(null, new StrandFailed { CaseId = imaging.Id, Strand = Strand.Imaging, InputHash = material, Code = code, Reason = reason, At = clock.GetUtcNow() }, Listed(regions, null));
        }
    }

    /// <summary>SHA-256 over the sorted digests of all stored instances and the region that was asked for; differs from site to site, as their UIDs do.</summary>
    internal static string Material(IReadOnlyList<HeldInstance> held, RegionRequest? region)
    {
        var text = new StringBuilder();
        foreach (var blob in held.Select(instance => instance.Blob).Order(StringComparer.Ordinal)) { text.Append(blob).Append('\n'); }
        text.Append("region ").Append(region?.Canonical ?? "by label");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>SHA-256 over volume, mask and seed: the same images give the same key at every site, and so the same prediction.</summary>
    internal static string InputHash(string volume, string? mask, RegionRequest? region)
    {
        var text = $"volume {volume}\nmask {mask ?? "none"}\nregion {(mask is null ? region?.Canonical ?? "none" : "mask")}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private async Task<ImagingStored> Build(
        CaseImaging imaging, IReadOnlyList<HeldInstance> held, List<HeldInstance> series, RegionSource? region, List<RegionSource> regions, string material, CancellationToken cancellation)
    {
        var planes = new List<SliceFrame>(series.Count);
        using var work = Work.Begin("decode");
        foreach (var instance in series)
        {
            var file = await Open(instance, cancellation);
            planes.AddRange(SliceReader.Read(file.Dataset, file.TransferSyntax));
        }
        var stack = SliceStack.Of(planes);
        var volume = SeriesVolume.Decode(stack, cancellation);
        var notes = new List<string>(stack.Notes);
        var mask = region is null ? null : RegionReader.Rasterize(region, stack.Grid);
        Remark(imaging, held, series, region, regions, notes);

        var volumeBlob = await Put(stream => NrrdFile.Write(stream, volume), cancellation);
        var maskBlob = mask is null ? null : await Put(stream => NrrdFile.Write(stream, mask), cancellation);
        return new ImagingStored
        {
            CaseId = imaging.Id,
            InputHash = InputHash(volumeBlob, maskBlob, imaging.Region),
            Material = material,
            Modality = series[0].Modality,
            Volume = volumeBlob,
            Mask = maskBlob,
            RegionName = mask is null ? null : region!.Name,
            Seed = mask is null ? imaging.Region?.Seed : null,
            DiameterMm = mask is null ? imaging.Region?.DiameterMm : null,
            Instances = series.Count,
            TotalInstances = held.Count,
            Notes = notes,
            At = clock.GetUtcNow(),
        };
    }

    private static void Remark(CaseImaging imaging, IReadOnlyList<HeldInstance> held, List<HeldInstance> series, RegionSource? region, List<RegionSource> regions, List<string> notes)
    {
        var others = held.Where(instance => VolumeModalities.Contains(instance.Modality)).Select(instance => instance.SeriesUid).Distinct().Count() - 1;
        if (others > 0) { notes.Add($"{others} other image series of the case are not part of this volume"); }
        if (held.Count(instance => instance.Conflicts.Count > 0) is var conflicts and > 0) { notes.Add($"{conflicts} instances came again with other bytes; the first ones were used"); }
        if (regions.Count > 1) { notes.Add($"{regions.Count} regions were sent{(region is null ? ", none of them recognised as the primary lesion" : $"; '{region.Name}' is used")}"); }
        if (series[0].Modality == "PT") { notes.Add("PET values are as stored, not converted to SUV"); }
        if (region is null && imaging.Region is null) { notes.Add("no lesion region was given"); }
    }

    /// <summary>The region to use; null when a seed was given, or nothing was and no label speaks for itself.</summary>
    private static RegionSource? Choose(List<RegionSource> regions, RegionRequest? request)
    {
        if (request?.Seed is not null) { return null; }
        if (request?.Name is not { } name) { return PrimaryRegion.ByLabel(regions); }
        return PrimaryRegion.Named(regions, name) ?? throw new UnusableSeriesException("region-not-found", regions.Count == 0
            ? $"The region '{name}' was asked for, but no RTSTRUCT or SEG was sent."
            : $"No region is named '{name}'; there are: {string.Join(", ", regions.Select(region => region.Name).Distinct().Take(20))}.");
    }

    /// <summary>The series that the region was drawn on, else the one with most planes.</summary>
    private static List<HeldInstance> ChooseSeries(IReadOnlyList<HeldInstance> held, RegionSource? region)
    {
        var candidates = held.Where(instance => VolumeModalities.Contains(instance.Modality) && !RegionReader.IsRegionClass(instance.SopClassUid))
            .GroupBy(instance => instance.SeriesUid, StringComparer.Ordinal)
            .OrderByDescending(series => region?.SeriesUids.Contains(series.Key) == true)
            .ThenByDescending(series => series.Sum(instance => instance.Frames))
            // What does not depend on the site's key decides, so that two sites make the same choice.
            .ThenBy(series => Array.IndexOf(VolumeModalities, series.First().Modality))
            .ThenBy(series => series.Min(instance => instance.Attributes.TryGetValue("SeriesNumber", out var number) && int.TryParse(number, out var value) ? value : int.MaxValue))
            .ThenBy(series => series.Key, StringComparer.Ordinal)
            .FirstOrDefault();
        if (candidates is not null) { return [.. candidates.OrderBy(instance => instance.SopInstanceUid, StringComparer.Ordinal)]; }
        var modalities = string.Join(", ", held.Select(instance => instance.Modality).Distinct().Order(StringComparer.Ordinal).Take(10));
        throw new UnusableSeriesException("no-image-series", $"The case holds no CT, MR or PET series to make a volume of (it holds: {(modalities.Length > 0 ? modalities : "nothing")}).");
    }

    private static List<RegionFound> Listed(List<RegionSource> regions, RegionSource? chosen) =>
        [.. regions.Select(region => new RegionFound(region.Name, region.Kind, region.SopInstanceUid, ReferenceEquals(region, chosen)))];

    private async Task<DicomFile> Open(HeldInstance instance, CancellationToken cancellation)
    {
        var path = await blobs.PathOf(instance, cancellation) ?? throw new InvalidOperationException($"The blob {instance.Blob} of an acknowledged instance is missing.");
        return DicomFile.Open(path);
    }

    private async Task<string> Put(Action<Stream> write, CancellationToken cancellation)
    {
        var path = spool.NewPath();
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
            write(file);
            await file.FlushAsync(cancellation);
            file.Position = 0;
            return (await blobs.Put(file, cancellation: cancellation)).Sha256;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
