namespace BoneMet.Hosting;

/// <summary>The id that this request's resource must get, because an earlier attempt with the same key may have made it already.</summary>
internal sealed record ReservedId(string Value);
