using Xunit;

namespace BoneMet.FunctionalTests;

public sealed class Smoke
{
    [Fact]
    public void Repository_HasItsScript_Executable() =>
        Assert.True(File.GetUnixFileMode(Path.Combine(TestData.Root, "bonemet")).HasFlag(UnixFileMode.UserExecute));
}
