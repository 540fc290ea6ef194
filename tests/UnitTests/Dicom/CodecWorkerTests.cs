using System.Diagnostics;
using BoneMet.Dicom;
using Xunit;

namespace BoneMet.UnitTests.Dicom;

/// <summary>A native decoder that crashes, loops or talks nonsense takes its own process down and nothing else; the next frame is decoded.</summary>
public sealed class CodecWorkerTests
{
    private static readonly PixelShape s_shape = new()
    {
        Columns = 8, Rows = 8, SamplesPerPixel = 1, BitsAllocated = 8, BitsStored = 8, HighBit = 7, IsSigned = false, IsPlanar = false, Photometric = "MONOCHROME2", Frames = 1,
    };

    [Theory]
    [InlineData("exit 1", "crashed")]
    [InlineData("kill -SEGV $$", "crashed")]
    [InlineData("while :; do :; done", "processor time")]
    [InlineData("printf '\\0\\0\\0\\0\\377\\377\\377\\177'; cat > /dev/null", "another size")]
    public void Worker_ThatMisbehaves_IsATypedError(string script, string reason)
    {
        using var worker = new CodecWorker(new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", script } });
        Assert.Contains(reason, Assert.ThrowsAny<DicomException>(() => worker.Ask(new byte[64], s_shape)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Worker_KilledWhileItWaits_IsReplacedUnnoticed()
    {
        var file = DicomFile.Open(TestData.Require("dicom/pydicom/test_files/MR_small_jp2klossless.dcm"));
        var before = DicomPixelData.Create(file).GetFrame(0).Values;
        var idle = CodecWorker.IdleProcesses;
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (!idle.Contains(process.Id)) { continue; }
                process.Kill();
                process.WaitForExit();
            }
        }
        Assert.Equal(before, DicomPixelData.Create(file).GetFrame(0).Values);
    }
}
