using System.Security.Cryptography;
using System.Text;

namespace BoneMet.FeatureExtraction.Drift;

/// <summary>A site as drift figures name it: whoever knows the site can compute the name, the figures alone do not tell it.</summary>
internal static class SitePseudonym
{
    public static string Of(string site) => $"site-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"bonemet-drift\n{site}")))[..8]}";
}
