using System.CommandLine;
using BoneMet.Cli.Demo;

namespace BoneMet.Cli.Cases;

/// <summary>Which running platform a command speaks to, and with which key.</summary>
internal sealed class PlatformOptions
{
    private readonly Option<string> url = new("--url") { Description = "Address of the platform (see `bonemet up`)", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
    private readonly Option<string?> key = new("--key") { Description = "API key (or the variable BONEMET_KEY)" };

    public IEnumerable<Option> All => [url, key];

    public PlatformClient Connect(ParseResult parsed)
    {
        var address = parsed.GetValue(url)!;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var platform) || platform.Scheme is not ("http" or "https")) { throw new CliFailure($"--url is '{address}', which is no address such as http://127.0.0.1:8080."); }
        return (parsed.GetValue(key) ?? Environment.GetEnvironmentVariable("BONEMET_KEY")) is { Length: > 0 } known
            ? new PlatformClient(platform, known)
            : throw new CliFailure("An API key is needed: --key, or the variable BONEMET_KEY.");
    }
}
