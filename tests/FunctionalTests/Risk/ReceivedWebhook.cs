namespace BoneMet.FunctionalTests.Risk;

/// <summary>A webhook message as it came.</summary>
internal sealed record ReceivedWebhook(string Id, long Timestamp, string Signature, string Body);
