namespace BoneMet.Cli.Platform;

internal static class Welcome
{
    public static void Print(Uri url, string? key, string data)
    {
        Console.WriteLine($"""
            BoneMetPlatform is ready (research use; not a medical device)

              portal    {url}
              API page  {new Uri(url, "/docs")}      (OpenAPI: {new Uri(url, "/openapi/v1.json")})
              data      {data}
            """);
        Console.WriteLine(key is null
            ? "  API key   made at the first start; `bonemet site add NAME --data DIR` makes another"
            : $"  API key   {key}\n            (operator; shown this once, stored only as a digest)");
        Console.WriteLine($"""

            Try it:   ./bonemet demo --url {url.GetLeftPart(UriPartial.Authority)} --key {key ?? "KEY"}
            Ctrl-C stops it cleanly.
            """);
    }
}
