using System.Security.Cryptography;
using System.Text;

namespace BoneMet.FeatureExtraction.Labels;

internal static class LabelKey
{
    /// <summary>Raised when the same input and encoder would give another result: preprocessing, pooling, sampling.</summary>
    private const string Procedure = "1";

    /// <summary>Id of the document that holds the label of this case, strand, input and encoder.</summary>
    public static string For(string caseId, string step, string inputHash, string encoderSha256)
    {
        var work = SHA256.HashData(Encoding.UTF8.GetBytes($"{inputHash}\n{encoderSha256}\n{Procedure}"));
        return $"{caseId}-{step}-{Convert.ToHexStringLower(work)[..32]}";
    }
}
