using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

internal static class PublishModel
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Signed model document" };
        var url = new Option<string?>("--url") { Description = "A platform to publish to (POST /api/v1/models); left out: this machine's library" };
        var key = new Option<string?>("--key") { Description = "API key of an operator, for --url (or the variable BONEMET_KEY)" };
        var command = new Command("publish", "Put a signed document into the library") { file, url, key };
        command.SetAction(async (parse, cancellation) =>
        {
            try
            {
                return await Publish(parse.GetValue(file)!, parse.GetValue(url), parse.GetValue(key) ?? Environment.GetEnvironmentVariable("BONEMET_KEY"), cancellation);
            }
            catch (Exception error) when (error is ModelCommandException or IOException or UnauthorizedAccessException or HttpRequestException or UriFormatException or InvalidOperationException)
            {
                await Console.Error.WriteLineAsync($"model: {error.Message}");
                return 2;
            }
        });
        return command;
    }

    private static async Task<int> Publish(string path, string? url, string? key, CancellationToken cancellation)
    {
        var model = ModelConsole.Read(path);
        if (ModelSigning.Verify(model) == SignatureState.Absent) { throw new ModelCommandException($"{path} is not signed; 'bonemet model sign {path} --key KEYFILE' does that"); }
        if (url is not null)
        {
            using var client = new HttpClient { BaseAddress = new Uri(url) };
            if (key is not null) { client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key); }
            using var body = new StringContent(ModelFile.Save(model), Encoding.UTF8, "application/json");
            using var reply = await client.PostAsync(new Uri("/api/v1/models", UriKind.Relative), body, cancellation);
            if (!reply.IsSuccessStatusCode) { throw new ModelCommandException($"{url} answered {(int)reply.StatusCode}: {await reply.Content.ReadAsStringAsync(cancellation)}"); }
            Console.WriteLine($"{model.Id} {model.Version} published to {url}");
            return 0;
        }
        if (ModelConsole.Library().Find(model.Id, model.Version) is { } there && there.Sha256 != ModelFile.Sha256(model))
        {
            throw new ModelCommandException($"{model.Id} {model.Version} is there already with other content; give the changed model a new version");
        }
        Directory.CreateDirectory(ModelConsole.PublishedFolder);
        var target = Path.Combine(ModelConsole.PublishedFolder, $"{model.Id}-{model.Version}.json");
        await File.WriteAllTextAsync(target, ModelFile.Save(model), cancellation);
        Console.WriteLine($"{model.Id} {model.Version} published as {target}");
        return 0;
    }
}
