using BoneMet.Contracts.Events;
using BoneMet.DicomIngestion.Cases;

namespace BoneMet.DicomIngestion.Builds;

/// <summary>What came of a build: a volume or a reason, and the regions that were found either way.</summary>
internal sealed record BuiltImaging(ImagingStored? Stored, StrandFailed? Failure, IReadOnlyList<RegionFound> Regions);
