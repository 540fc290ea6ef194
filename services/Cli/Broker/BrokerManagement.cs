using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BoneMet.Hosting;

namespace BoneMet.Cli.Broker;

/// <summary>RabbitMQ's management API, as far as applying definitions needs it.</summary>
internal sealed class BrokerManagement : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly HttpClient http;
    private readonly string administrator;

    public BrokerManagement(Uri address, string user, string password)
    {
        administrator = user;
        http = new HttpClient { BaseAddress = new Uri($"{address.AbsoluteUri.TrimEnd('/')}/api/"), Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }

    public void Dispose() => http.Dispose();

    /// <summary>
    /// The file's vhost and service user take the names that the services' connection string has. Users are made one by one, because the file
    /// has no passwords, and importing a user without one would take it away.
    /// </summary>
    public async Task<(int Queues, int Bindings)> Apply(string definitions, BrokerAccount account, string? monitorPassword, CancellationToken cancellation)
    {
        var root = Parse(definitions);
        var users = root["users"]?.AsArray() ?? [];
        root.Remove("users");
        Rename(root, account);

        await WaitForBroker(cancellation);
        await Put($"vhosts/{Uri.EscapeDataString(account.VirtualHost)}", new JsonObject(), cancellation);
        var known = new List<string> { account.User };
        foreach (var user in users)
        {
            var name = user!["name"]!.GetValue<string>();
            var isService = name == BrokerDefinitions.ServiceUser;
            if (isService) { name = account.User; }
            if (name == administrator || (isService ? account.Password : monitorPassword) is not { Length: > 0 } password) { continue; }
            var tags = string.Join(',', user["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()));
            await Put($"users/{Uri.EscapeDataString(name)}", new JsonObject { ["password"] = password, ["tags"] = tags }, cancellation);
            known.Add(name);
        }

        // Rights only of users that are there; and an administrator's are not narrowed.
        foreach (var right in (root["permissions"]?.AsArray() ?? []).ToList())
        {
            var user = right!["user"]!.GetValue<string>();
            if (!known.Contains(user) || user == administrator) { root["permissions"]!.AsArray().Remove(right); }
        }
        using var response = await http.PostAsync("definitions", new StringContent(root.ToJsonString(), Encoding.UTF8, "application/json"), cancellation);
        await Check(response, "the definitions", cancellation);
        return (root["queues"]?.AsArray().Count ?? 0, root["bindings"]?.AsArray().Count ?? 0);
    }

    private static JsonObject Parse(string definitions)
    {
        try { return JsonNode.Parse(definitions)?.AsObject() ?? throw new CliFailure("The definitions are empty."); }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) { throw new CliFailure($"The definitions are not a JSON object: {fault.Message}"); }
    }

    private static void Rename(JsonObject root, BrokerAccount account)
    {
        foreach (var item in root.SelectMany(pair => pair.Value as JsonArray ?? []).OfType<JsonObject>())
        {
            if (item["vhost"]?.GetValue<string>() == BrokerDefinitions.VirtualHost) { item["vhost"] = account.VirtualHost; }
            if (item["user"]?.GetValue<string>() == BrokerDefinitions.ServiceUser) { item["user"] = account.User; }
        }
        root["vhosts"] = new JsonArray(new JsonObject { ["name"] = account.VirtualHost });
    }

    private async Task WaitForBroker(CancellationToken cancellation)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var response = await http.GetAsync("whoami", cancellation);
                if (response.StatusCode < HttpStatusCode.InternalServerError)
                {
                    await Check(response, "the administrator", cancellation);
                    return;
                }
            }
            catch (HttpRequestException fault)
            {
                if (TimeProvider.System.GetElapsedTime(begun) > Patience) { throw new CliFailure($"{http.BaseAddress!.Host}:{http.BaseAddress.Port} does not answer: {fault.Message}"); }
            }
            await Task.Delay(Pause, cancellation);
        }
    }

    private async Task Put(string path, JsonObject body, CancellationToken cancellation)
    {
        using var response = await http.PutAsJsonAsync(path, body, cancellation);
        await Check(response, path, cancellation);
    }

    private async Task Check(HttpResponseMessage response, string what, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode) { return; }
        if (response.StatusCode is HttpStatusCode.Unauthorized) { throw new CliFailure($"{http.BaseAddress!.Host} refuses the administrator '{administrator}' (BONEMET_BROKER_USER, BONEMET_BROKER_PASSWORD)."); }
        throw new CliFailure($"{http.BaseAddress!.Host} refused {what}: {(int)response.StatusCode} {(await response.Content.ReadAsStringAsync(cancellation)).Trim()}");
    }
}
