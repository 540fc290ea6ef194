using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BoneMet.Contracts.Events;

namespace BoneMet.NomogramAggregation.Cases;

internal static class InputHash
{
    /// <summary>SHA-256 over the factors in order of their names.</summary>
    public static string Of(IEnumerable<FactorValue> factors)
    {
        var canonical = JsonSerializer.SerializeToUtf8Bytes(factors.OrderBy(factor => factor.Name, StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(canonical));
    }

    public static string Of(params ReadOnlySpan<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}
