using BoneMet.Cli.Platform;
using BoneMet.FunctionalTests.Faults;
using BoneMet.FunctionalTests.Platform;
using BoneMet.FunctionalTests.Support;
using Xunit;

namespace BoneMet.FunctionalTests.Deploy;

/// <summary>`bonemet backup` of a platform at work, `bonemet restore` into a new folder, and a platform that carries on from there.</summary>
[Collection("processes")]
public sealed class BackupTests
{
    [Fact]
    public async Task Backup_TakenUnderLoad_RestoredElsewhere_CarriesOn()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(6));
        using var data = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var (archive, restored) = (other.Of("site.tar"), other.Of("restored"));
        string key;
        List<string> acknowledged;
        byte[] pseudonymKey;
        await using (var platform = await LocalPlatform.Start(data.Path, null, limit.Token))
        {
            key = platform.Key!;
            using var site = Submitter(platform.Url, key);
            await site.SubmitOne(limit.Token);
            await site.SubmitOne(limit.Token);
            acknowledged = [.. site.Acknowledged];
            var done = false;
            var submitting = site.Run(() => Volatile.Read(ref done), limit.Token);
            var backup = await DemoTests.Run("backup", "--data", data.Path, "--out", archive);
            Volatile.Write(ref done, true);
            await submitting;
            Assert.True(backup.Code == 0, backup.Error);
            pseudonymKey = await File.ReadAllBytesAsync(Path.Combine(data.Path, "deidentification.key"), limit.Token);
        }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(archive));
        var restore = await DemoTests.Run("restore", "--from", archive, "--data", restored);
        Assert.True(restore.Code == 0, restore.Error);
        Assert.Equal(pseudonymKey, await File.ReadAllBytesAsync(Path.Combine(restored, "deidentification.key"), limit.Token));

        // The same key opens it, and every case that was acknowledged before the backup reaches its predictions, exactly one of each.
        await using var second = await LocalPlatform.Start(restored, null, limit.Token);
        Assert.Null(second.Key);
        using var again = Submitter(second.Url, key);
        again.Acknowledged.AddRange(acknowledged);
        await again.SubmitOne(limit.Token);
        Assert.Empty(again.Refused);
        await KillTests.Verify(again, limit.Token);
    }

    [Fact]
    public async Task Restore_OfADamagedBackup_SaysWhichFileAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Of("data");
        await Registry.FirstKey(data, TestContext.Current.CancellationToken);
        var blob = Path.Combine(data, "blobs", "ab", $"ab{new string('0', 62)}");
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        await File.WriteAllTextAsync(blob, "not what its name says");
        Assert.Equal(0, (await DemoTests.Run("backup", "--data", data, "--out", folder.Of("site.tar"))).Code);

        var check = await DemoTests.Run("restore", "--from", folder.Of("site.tar"), "--check");
        Assert.Equal(2, check.Code);
        Assert.Contains($"blobs/ab/ab{new string('0', 62)} is not what was saved", check.Error);
        var restore = await DemoTests.Run("restore", "--from", folder.Of("site.tar"), "--data", folder.Of("restored"));
        Assert.Equal(2, restore.Code);
        Assert.False(Directory.Exists(folder.Of("restored")));

        var whole = await File.ReadAllBytesAsync(folder.Of("site.tar"));
        await File.WriteAllBytesAsync(folder.Of("half.tar"), whole[..(whole.Length / 2)]);
        var half = await DemoTests.Run("restore", "--from", folder.Of("half.tar"), "--check");
        Assert.Equal(2, half.Code);
        Assert.Contains("is no complete backup", half.Error);
        Assert.Single(half.Error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("backup", "--data", "/there/is/nothing", "--out", "/tmp/bonemet-never.tar")]
    [InlineData("restore", "--from", "/there/is/nothing.tar", "--data", "/tmp/bonemet-never")]
    public async Task Backup_OrRestore_OfNothing_IsOneSentenceAndExitCode2(params string[] arguments)
    {
        var run = await DemoTests.Run(arguments);
        Assert.Equal(2, run.Code);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    private static SteadySubmitter Submitter(Uri url, string key) => new(url, key, SmallCase.ImagesZip(), SmallCase.Slide(), SmallCase.Clinical());
}
