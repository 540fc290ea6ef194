namespace BoneMet.Gateway.Description;

/// <summary>The checked-in OpenAPI document.</summary>
internal sealed class ApiDescription
{
    public ApiDescription()
    {
        using var stream = typeof(ApiDescription).Assembly.GetManifestResourceStream("openapi.json")!;
        Json = new byte[stream.Length];
        stream.ReadExactly(Json);
    }

    public byte[] Json { get; }
}
