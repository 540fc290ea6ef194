using System.Buffers.Text;
using System.Text;

namespace BoneMet.Hosting;

/// <summary>
/// The query parameters of every list, taken with <c>[AsParameters]</c>: <c>cursor</c> (the <c>next</c> of the page before, opaque) and
/// <c>limit</c> (1 to 200, 50 when absent).
/// </summary>
public sealed record PageRequest(string? Cursor = null, int? Limit = null)
{
    public const int DefaultLimit = 50;
    public const int LargestLimit = 200;

    /// <summary>The id to continue after; null on the first page.</summary>
    /// <exception cref="ProblemException">400: no cursor of ours.</exception>
    public string? After()
    {
        if (Cursor is null) { return null; }
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Cursor));
        }
        catch (FormatException)
        {
            throw Problems.BadRequest("invalid-cursor", "The cursor is not one that this list gave out.");
        }
    }

    /// <exception cref="ProblemException">400: out of range.</exception>
    public int Size() => Limit switch
    {
        null => DefaultLimit,
        >= 1 and <= LargestLimit => Limit.Value,
        _ => throw Problems.BadRequest("invalid-limit", $"limit is 1 to {LargestLimit}."),
    };
}
