using BoneMet.RiskModels;
using SkiaSharp;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed class TrueTypeSubsetTests
{
    private const string Font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

    [Fact]
    public void Keep_SomeGlyphs_DrawsThemAsTheWholeFontDoes()
    {
        Assert.SkipUnless(File.Exists(Font), "needs fonts-dejavu-core");
        var file = File.ReadAllBytes(Font);
        using var whole = SKTypeface.FromFile(Font);
        const string text = "Ag é Ж"; // é is a composite of two outlines
        var subset = TrueTypeSubset.Keep(file, 0, whole.GetGlyphs(text))!;
        Assert.True(subset.Length < file.Length / 3, $"{subset.Length} of {file.Length} bytes");
        using var reduced = SKTypeface.FromData(SKData.CreateCopy(subset));
        Assert.Equal(whole.GetGlyphs(text), reduced.GetGlyphs(text));
        using var expected = new SKFont(whole, 40);
        using var actual = new SKFont(reduced, 40);
        using var wanted = expected.GetTextPath(text, new SKPoint(0, 0));
        using var got = actual.GetTextPath(text, new SKPoint(0, 0));
        Assert.Equal(wanted.ToSvgPathData(), got.ToSvgPathData());
        using var left = actual.GetTextPath("B", new SKPoint(0, 0));
        Assert.True(left.IsEmpty, "an outline that was not asked for is still there");
    }

    [Fact]
    public void Keep_MutatedFonts_NeverThrows()
    {
        Assert.SkipUnless(File.Exists(Font), "needs fonts-dejavu-core");
        var file = File.ReadAllBytes(Font);
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var mutant = file.ToArray();
            for (var j = 0; j < 8; j++) { mutant[random.Next(j < 6 ? 400 : mutant.Length)] = (byte)random.Next(256); }
            _ = TrueTypeSubset.Keep(i % 10 == 0 ? mutant[..random.Next(mutant.Length)] : mutant, 0, [36, 37, 200]);
        }
        Assert.Null(TrueTypeSubset.Keep([], 0, [1]));
    }
}
