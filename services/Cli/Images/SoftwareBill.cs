using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BoneMet.Cli.Images;

/// <summary>
/// What is inside an image, as CycloneDX 1.5 JSON: NuGet packages from the program's own list of dependencies (what runs, not what was needed to build),
/// Debian packages, the .NET runtime. The same image gives the same bytes.
/// </summary>
internal static class SoftwareBill
{
    public const string StatusFolder = "var/lib/dpkg/status.d";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ServiceImage image, BuildStamp stamp, string app, IEnumerable<string> status)
    {
        var components = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var component in (IEnumerable<JsonObject>)[.. Packages(app, image.Project), .. Runtime(app, image.Project), .. status.Where(Directory.Exists).SelectMany(Debian)])
        {
            components[component["bom-ref"]!.GetValue<string>()] = component;
        }
        var body = new JsonArray([.. components.Values]);
        return new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.5",
            ["serialNumber"] = $"urn:uuid:{Identity(image, stamp, body)}",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = stamp.Created,
                ["component"] = new JsonObject
                {
                    ["type"] = "container",
                    ["bom-ref"] = $"bonemet/{image.Name}@{stamp.Version}",
                    ["name"] = $"bonemet/{image.Name}",
                    ["version"] = stamp.Version,
                    ["description"] = image.Title,
                    ["properties"] = new JsonArray(new JsonObject { ["name"] = "bonemet:revision", ["value"] = stamp.Revision }),
                },
            },
            ["components"] = body,
        }.ToJsonString(Indented) + "\n";
    }

    private static IEnumerable<JsonObject> Packages(string app, string project)
    {
        using var file = File.OpenRead(Path.Combine(app, $"BoneMet.{project}.deps.json"));
        foreach (var (key, library) in JsonNode.Parse(file)!["libraries"]!.AsObject())
        {
            if (library!["type"]!.GetValue<string>() != "package") { continue; }
            var (name, version) = (key.Split('/')[0], key.Split('/')[1]);
            var component = Component("library", name, version, $"pkg:nuget/{name}@{version}");

            // "sha512-" and base64, as NuGet has it; CycloneDX wants hexadecimal digits.
            if (library["sha512"]?.GetValue<string>() is { Length: > 7 } digest)
            {
                component["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(digest["sha512-".Length..])) });
            }
            yield return component;
        }
    }

    private static IEnumerable<JsonObject> Runtime(string app, string project)
    {
        using var file = File.OpenRead(Path.Combine(app, $"BoneMet.{project}.runtimeconfig.json"));
        var options = JsonNode.Parse(file)!["runtimeOptions"]!;
        IEnumerable<JsonNode?> frameworks = options["frameworks"] is JsonArray several ? several : [options["framework"]];
        foreach (var framework in frameworks)
        {
            var name = framework!["name"]!.GetValue<string>();
            var version = Environment.Version.ToString(3);
            yield return Component("framework", name, version, $"pkg:generic/{name}@{version}");
        }
    }

    private static IEnumerable<JsonObject> Debian(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            var fields = File.ReadLines(file).Where(line => line.Contains(": ", StringComparison.Ordinal)).ToDictionary(line => line.Split(": ", 2)[0], line => line.Split(": ", 2)[1]);
            var (name, version) = (fields["Package"], fields["Version"]);
            yield return Component("library", name, version, $"pkg:deb/debian/{name}@{Uri.EscapeDataString(version)}?arch={fields["Architecture"]}");
        }
    }

    private static JsonObject Component(string type, string name, string version, string purl) => new()
    {
        ["type"] = type,
        ["bom-ref"] = purl,
        ["name"] = name,
        ["version"] = version,
        ["purl"] = purl,
    };

    /// <summary>A version 8 UUID (RFC 9562) out of the content.</summary>
    private static Guid Identity(ServiceImage image, BuildStamp stamp, JsonArray components)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{image.Name} {stamp.Version} {stamp.Revision} {components.ToJsonString()}"))[..16];
        digest[6] = (byte)((digest[6] & 0x0f) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3f) | 0x80);
        return new Guid(digest, bigEndian: true);
    }
}
