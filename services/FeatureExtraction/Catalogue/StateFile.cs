namespace BoneMet.FeatureExtraction.Catalogue;

/// <summary>
/// The state of an encoder, one word in <c>ID.state</c> beside its card: <c>bonemet encoder add|promote|retire</c> writes it. What ships has
/// none and is champion; what was added without a readable state is a candidate.
/// </summary>
internal static class StateFile
{
    public static EncoderState Read(string cardPath)
    {
        var path = cardPath[..^".card.json".Length] + ".state";
        if (!File.Exists(path)) { return EncoderState.Champion; }
        return Enum.TryParse<EncoderState>(File.ReadAllText(path).Trim(), ignoreCase: true, out var state) ? state : EncoderState.Candidate;
    }
}
