using System.Security.Cryptography;
using Google.Protobuf;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>
/// SHA-256 over what an ONNX file computes: its graph, functions and operator versions, without what lies beside them (heads, calibration, texts). Two files with the same digest give
/// the same embeddings, whatever their heads.
/// </summary>
internal static class GraphDigest
{
    /// <summary>Fields of onnx.ModelProto that say nothing about the embeddings: producer, its version, domain, model version, doc string, metadata.</summary>
    private static readonly int[] Beside = [2, 3, 4, 5, 6, 14];

    /// <param name="model">An ONNX file that ONNX Runtime has read.</param>
    public static string Of(byte[] model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var fields = new CodedInputStream(model);
        for (var start = 0L; fields.ReadTag() is var tag and not 0; start = fields.Position)
        {
            fields.SkipLastField();
            if (!Beside.Contains(WireFormat.GetTagFieldNumber(tag))) { hash.AppendData(model.AsSpan((int)start, (int)(fields.Position - start))); }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
