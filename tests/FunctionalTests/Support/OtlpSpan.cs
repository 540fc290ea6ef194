namespace BoneMet.FunctionalTests.Support;

/// <summary>A span as it arrived at a collector.</summary>
internal sealed record OtlpSpan(string TraceId, string SpanId, string ParentSpanId, string Name);
