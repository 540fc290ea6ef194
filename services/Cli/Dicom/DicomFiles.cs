using BoneMet.Dicom;

namespace BoneMet.Cli.Dicom;

/// <summary>Does something to each of several files; one that fails is reported and the others are still done.</summary>
internal static class DicomFiles
{
    /// <returns>The exit code: 0, or 2 when a file failed.</returns>
    public static int ForEach(IEnumerable<string> paths, Action<string> action)
    {
        var code = 0;
        foreach (var path in paths)
        {
            try
            {
                action(path);
            }
            catch (Exception fault) when (fault is DicomException or IOException or UnauthorizedAccessException)
            {
                Report(path, fault is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : fault.Message);
                code = 2;
            }
        }
        return code;
    }

    public static void Report(string path, string reason) => Console.Error.WriteLine($"bonemet: {path}: {reason}");
}
