using System.Security.Cryptography;
using BoneMet.Dicom.Deidentification;
using BoneMet.Hosting;
using Microsoft.Extensions.Options;

namespace BoneMet.DicomIngestion.Identity;

/// <summary>The site's secret for pseudonyms and the vault: made at first start, readable by this user only. Losing it means new pseudonyms for known patients.</summary>
internal sealed class DeidentificationKey
{
    private const string FileName = "deidentification.key";

    public DeidentificationKey(IOptions<DataOptions> data, IOptions<IngestionOptions> options)
    {
        var path = options.Value.KeyFile ?? Path.Combine(data.Value.Folder, FileName);
        if (!File.Exists(path)) { Make(path); }
        Value = File.ReadAllBytes(path);
        if (Value.Length < Pseudonymizer.KeyBytes) { throw new InvalidOperationException($"{path} is shorter than {Pseudonymizer.KeyBytes} bytes: it is no key."); }
    }

    public byte[] Value { get; }

    private static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            file.Write(RandomNumberGenerator.GetBytes(Pseudonymizer.KeyBytes));
            file.Flush(flushToDisk: true);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it at the same moment; that one counts.
            return;
        }
    }
}
