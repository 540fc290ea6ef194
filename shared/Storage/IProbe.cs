namespace BoneMet.Storage;

/// <summary>A store that can say whether it works right now. Implemented by every document and blob store.</summary>
public interface IProbe
{
    /// <summary>Returns when the store answers; throws, with the reason, when it does not.</summary>
    Task Probe(CancellationToken cancellation = default);
}
