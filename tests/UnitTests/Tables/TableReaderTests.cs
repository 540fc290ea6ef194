using System.Text;
using BoneMet.Statistics.Tables;
using Xunit;

namespace BoneMet.UnitTests.Tables;

public sealed class TableReaderTests
{
    static TableReaderTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Fact]
    public void Read_PlainCsv_FindsNumbersLevelsDatesAndMissing()
    {
        var table = Read("id,age,sex,seen,smoker\n1,61.5,Male,2024-06-07,TRUE\n2,NA,Female,,FALSE\n3,-1e2,Male,2024-06-08,T\n").Table;
        Assert.Equal(3, table.Rows);
        var age = Assert.IsType<NumericColumn>(table["age"]);
        Assert.Equal([61.5, double.NaN, -100], age.Values);
        Assert.Equal(1, age.MissingCount);
        var sex = Assert.IsType<CategoricalColumn>(table["sex"]);
        Assert.Equal(["Female", "Male"], sex.Levels);
        Assert.Equal([1, 0, 1], sex.Codes);
        Assert.Equal(new DateOnly(2024, 6, 8).DayNumber, Assert.IsType<DateColumn>(table["seen"]).Days[2]);
        Assert.Equal(["FALSE", "TRUE"], Assert.IsType<CategoricalColumn>(table["smoker"]).Levels);
    }

    [Fact]
    public void Read_SemicolonsAndDecimalCommas_AreFound()
    {
        var loaded = Read("x;y\n1,5;a\n2,25;b\n-3;a\n");
        Assert.Equal(';', loaded.Delimiter);
        Assert.Equal([1.5, 2.25, -3], Assert.IsType<NumericColumn>(loaded.Table["x"]).Values);
    }

    [Fact]
    public void Read_QuotesLineEndsAndDoubledQuotes_AreOneCell()
    {
        var table = Read("\uFEFF\"a, b\",c\r\n\"x \"\"y\"\"\nz\",1\r\n\r\nplain,2").Table;
        Assert.Equal(["plain", "x \"y\"\nz"], Assert.IsType<CategoricalColumn>(table["a, b"]).Levels);
        Assert.Equal([1.0, 2.0], Assert.IsType<NumericColumn>(table["c"]).Values);
    }

    [Theory]
    [InlineData("utf-8", "пол\nмуж\nжен\n", "пол", "жен")]
    [InlineData("windows-1251", "пол;возраст\nмужской;61\nженский;62\n", "пол", "женский")]
    [InlineData("gb18030", "性别,年龄,病理类型\n男,61,腺癌\n女,62,鳞状细胞癌\n", "性别", "女")]
    [InlineData("utf-16", "性别,年龄\n男,61\n女,62\n", "性别", "女")]
    public void Read_Encoding_IsFound(string encoding, string text, string column, string level)
    {
        var coding = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. encoding == "utf-16" ? coding.GetPreamble() : [], .. coding.GetBytes(text)];
        var loaded = Read(bytes, new());
        Assert.Contains(level, Assert.IsType<CategoricalColumn>(loaded.Table[column]).Levels);
        Assert.Equal(encoding, loaded.Encoding);
    }

    [Fact]
    public void Read_WrongEncodingNamed_IsRefused()
    {
        var bytes = Encoding.GetEncoding("windows-1251").GetBytes("пол\nмужской\n");
        Assert.Contains("not utf-8", Assert.Throws<TableException>(() => Read(bytes, new() { Encoding = "utf-8" })).Message, StringComparison.Ordinal);
        Assert.Contains("not known", Assert.Throws<TableException>(() => Read(bytes, new() { Encoding = "ebcdic" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CellsThatAreNotNumbers_AreListedByRowAndReason()
    {
        var text = new StringBuilder("ldh,t\n");
        for (var i = 1; i <= 60; i++) { text.Append(i switch { 7 => "<0.5", 9 => "abc", 11 => "inf", _ => i.ToString() }).Append(",x\n"); }
        text.Append("1,x,3\n2\n");
        var loaded = Read(text.ToString());
        Assert.Equal([(7, "ldh"), (9, "ldh"), (11, "ldh"), (61, ""), (62, "")], loaded.Rejections.Select(r => (r.Row, r.Column)));
        Assert.Contains("limit of detection", loaded.Rejections[0].Reason, StringComparison.Ordinal);
        Assert.Equal(4, loaded.Table["ldh"].MissingCount);
        Assert.Contains("Row 11, column ldh: 'inf'", Assert.Throws<TableException>(() => Read(Encoding.UTF8.GetBytes(text.ToString()), new() { StrictColumns = new HashSet<string> { "ldh" } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WithDictionary_NamesUnitsLevelsAndRangesFollowIt()
    {
        var loaded = Read(Encoding.UTF8.GetBytes("年龄,性别,LDH (µkat/L),cT\n61,男,4.0,T1c\n200,женский,5,T9\n"), new() { Dictionary = DataDictionary.BuiltIn });
        Assert.Equal(4 * 59.98800239952010, Assert.IsType<NumericColumn>(loaded.Table["ldh"]).Values[0], 1e-9);
        Assert.Equal([1, 0], Assert.IsType<CategoricalColumn>(loaded.Table["sex"]).Codes);
        Assert.Equal([(2, "age"), (2, "t_stage")], loaded.Rejections.Select(r => (r.Row, r.Column)));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a,a\n1,2\n", "Two columns are called 'a'")]
    [InlineData("a\n\"x\n", "never closed")]
    [InlineData("PK\u0003\u0004zip", "workbook")]
    [InlineData("a\n\0\n", "zero bytes")]
    public void Read_NotATable_SaysWhy(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<TableException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("tnm-7:t", "pT2a", true)]
    [InlineData("tnm-7:t", "T1c3", false)]
    [InlineData("tnm-8:t", "T1c3", true)]
    [InlineData("tnm-8:m", "M1c", true)]
    [InlineData("tnm-7:m", "M1c", false)]
    [InlineData("tnm-8:n", "N4", false)]
    [InlineData("icd-o-3:morphology", "8140/3", true)]
    [InlineData("icd-o-3:morphology", "8140/5", false)]
    [InlineData("icd-o-3:morphology", "9999/3", false)]
    [InlineData("icd-o-3:topography", "C34.1", true)]
    [InlineData("icd-o-3:topography", "C81.1", false)]
    public void CodeSystem_Text_IsJudged(string system, string text, bool valid) => Assert.Equal(valid, CodeSystems.Fault(system, text) is null);

    [Theory]
    [InlineData("0.1")]
    [InlineData("123456789012345")]
    [InlineData("1234567.8901234")]
    [InlineData("9007199254740993")]
    [InlineData("-0.000000000000001")]
    [InlineData("1e-320")]
    [InlineData("5e-324")]
    [InlineData("0.30000000000000004")]
    [InlineData("+7")]
    public void Number_Text_IsTheNearestDouble(string text)
    {
        Assert.True(TableReader.TryNumber(Encoding.UTF8.GetBytes(text), false, out var value));
        Assert.Equal(double.Parse(text), value);
    }

    [Fact]
    public void Read_RowsAcrossBuffers_AreWhole()
    {
        var text = new StringBuilder("a,b\n");
        for (var i = 0; i < 40_000; i++) { text.Append(i).Append(",\"cell ").Append(i % 97).Append("\"\n"); }
        var table = Read(text.ToString()).Table;
        Assert.Equal(40_000, table.Rows);
        var values = Assert.IsType<NumericColumn>(table["a"]).Values;
        for (var i = 0; i < values.Length; i++) { Assert.Equal(i, values[i]); }
        Assert.Equal(97, Assert.IsType<CategoricalColumn>(table["b"]).Levels.Length);
    }

    private static LoadedTable Read(string text) => Read(Encoding.UTF8.GetBytes(text), new());

    private static LoadedTable Read(byte[] bytes, TableReaderOptions options) => TableReader.Read(() => new MemoryStream(bytes), options, TestContext.Current.CancellationToken);
}
