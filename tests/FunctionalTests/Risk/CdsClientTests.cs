using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BoneMet.FunctionalTests.Support;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Risk;

/// <summary>CDS clients that call with signed tokens of their own, from pages of their own origin, and tell what became of a card.</summary>
public sealed class CdsClientTests : IDisposable
{
    private const string Address = "https://bonemet.hospital.example";
    private const string Discovery = "/cds-services";
    private const string Issuer = "https://ehr.hospital.example";
    private readonly ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly RSA rsa = RSA.Create(2048);
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("ES384")]
    [InlineData("RS384")]
    public async Task Token_OfATrustedClient_CallsForItsSiteOnce(string algorithm)
    {
        await using var service = await Start();
        var token = Token(algorithm);
        Assert.Equal(HttpStatusCode.OK, await Call(service, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await Call(service, token));
        Assert.Equal(HttpStatusCode.OK, await Call(service, Token(algorithm)));
    }

    [Theory]
    [InlineData("alg", "none")]
    [InlineData("alg", "HS384")]
    [InlineData("alg", "ES256")]
    [InlineData("kid", "another")]
    [InlineData("iss", "https://other.example")]
    [InlineData("aud", "https://bonemet.hospital.example/cds-services/bone-metastasis-risk")]
    [InlineData("exp", "-120")]
    [InlineData("exp", "7200")]
    [InlineData("iat", "600")]
    [InlineData("jti", "")]
    [InlineData("signature", "")]
    public async Task Token_ThatDoesNotHold_IsRefusedWithItsReason(string item, string value)
    {
        await using var service = await Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, Discovery) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token("ES384", item, value)) } };
        using var response = await service.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("token-not-taken", problem.GetProperty("code").GetString());
        Assert.Contains("token is not taken: ", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Token_ElsewhereThanTheCdsService_CountsForNothing()
    {
        await using var service = await Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/cases") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token("ES384", "aud", $"{Address}/api/v1/cases")) } };
        using var response = await service.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Token_OfASiteThatWasDisabled_IsRefused()
    {
        await using var service = await Start();
        await service.Services.GetRequiredService<SiteRegistry>().Disable("hospital");
        Assert.Equal(HttpStatusCode.Unauthorized, await Call(service, Token("ES384")));
    }

    [Fact]
    public async Task Preflight_OfAConfiguredOrigin_IsAnsweredWithoutAKey()
    {
        await using var service = await Start();
        foreach (var (origin, allowed) in new[] { ("https://ehr.hospital.example", true), ("https://elsewhere.example", false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, $"{Discovery}/bone-metastasis-risk");
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
            using var response = await service.Http.SendAsync(request);
            Assert.Equal(allowed, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) && origins.Single() == origin);
            if (allowed) { Assert.Contains("authorization", response.Headers.GetValues("Access-Control-Allow-Headers").Single()); }
        }
    }

    [Fact]
    public async Task Feedback_OnACard_IsTakenAndAWrongOneNamed()
    {
        await using var service = await Start();
        var taken = """{"feedback":[{"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcome":"overridden","overrideReason":{"userComment":"Mr Hidden knows"},"outcomeTimestamp":"2026-11-25T10:05:31Z"}]}""";
        using (var response = await Tell(service, taken)) { Assert.Equal(HttpStatusCode.OK, response.StatusCode); }
        using var refused = await Tell(service, """{"feedback":[{"card":"1","outcome":"ignored"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(3, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetArrayLength());
    }

    public void Dispose()
    {
        curve.Dispose();
        rsa.Dispose();
        folder.Dispose();
    }

    private async Task<TestService> Start()
    {
        var point = curve.ExportParameters(false);
        var modulus = rsa.ExportParameters(false);
        var keys = Path.Combine(folder.Path, "ehr.jwks.json");
        await File.WriteAllTextAsync(keys, JsonSerializer.Serialize(new
        {
            keys = new object[]
            {
                new { kty = "EC", crv = "P-384", kid = "ES384-1", x = Base64Url.EncodeToString(point.Q.X), y = Base64Url.EncodeToString(point.Q.Y) },
                new { kty = "RSA", kid = "RS384-1", n = Base64Url.EncodeToString(modulus.Modulus), e = Base64Url.EncodeToString(modulus.Exponent) },
            },
        }));
        var service = await TestService.Start(
            builder => builder.AddNomogramAggregation(),
            bus => bus.AddNomogramAggregationConsumers(),
            app => app.MapNomogramAggregation(),
            settings: new Dictionary<string, string?>
            {
                ["CdsClients:Address"] = Address,
                ["CdsClients:Clients:0:Issuer"] = Issuer,
                ["CdsClients:Clients:0:Site"] = "hospital",
                ["CdsClients:Clients:0:Keys"] = keys,
                ["Http:CorsOrigins:0"] = "https://ehr.hospital.example",
            });
        await service.Services.GetRequiredService<SiteRegistry>().Add("hospital");
        return service;
    }

    /// <summary>A good token, with one item of it changed.</summary>
    private string Token(string algorithm, string? item = null, string? value = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        long At(string name, long seconds) => now + (item == name ? long.Parse(value!) : seconds);
        string Of(string name, string text) => item == name ? value! : text;
        var header = JsonSerializer.Serialize(new { alg = Of("alg", algorithm), kid = Of("kid", $"{algorithm}-1"), typ = "JWT", jku = "https://127.0.0.1:1/never-asked" });
        var claims = JsonSerializer.Serialize(new { iss = Of("iss", Issuer), aud = new[] { Of("aud", Address + Discovery) }, exp = At("exp", 240), iat = At("iat", -5), jti = Of("jti", Guid.NewGuid().ToString()) });
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        var bytes = Encoding.ASCII.GetBytes(item == "signature" ? signed + "x" : signed);
        var signature = algorithm == "RS384" ? rsa.SignData(bytes, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1) : curve.SignData(bytes, HashAlgorithmName.SHA384);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static async Task<HttpStatusCode> Call(TestService service, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Discovery) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var response = await service.Http.SendAsync(request);
        return response.StatusCode;
    }

    private Task<HttpResponseMessage> Tell(TestService service, string body)
    {
        var path = $"{Discovery}/bone-metastasis-risk/feedback";
        return service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token("ES384", "aud", Address + path)) },
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        });
    }
}
