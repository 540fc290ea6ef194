namespace BoneMet.DicomIngestion.ReceiveImages;

/// <param name="Item">What the sender called it.</param>
/// <param name="Reason">Why it was not stored.</param>
internal sealed record HeldBackItem(string Item, string Reason);
