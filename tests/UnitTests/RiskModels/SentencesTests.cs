using System.Text.RegularExpressions;
using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed partial class SentencesTests
{
    [Fact]
    public void EverySentence_FilledIn_IsFoundWithTheSameValuesInEveryLanguage()
    {
        foreach (var template in Sentences.All)
        {
            var number = 1000;
            var sentence = Place().Replace(template, _ => $"{++number}");
            var found = Sentences.Find(sentence);
            Assert.True(found is { Zh: not null, Ru: not null }, template);
            var values = Values(sentence);
            Assert.Equal(values, Values(found.Zh));
            Assert.Equal(values, Values(found.Ru));
            Assert.NotEqual(sentence, found.Zh);
            Assert.DoesNotContain('{', found.Zh + found.Ru);
        }
    }

    [Fact]
    public void EveryFactorProblem_OfTheDictionary_HasItsWords()
    {
        SubmittedFactor[][] wrong =
        [
            [new("psa", 10, Unit: "furlong")], [new("psa", 10)], [new("psa", 1e9, Unit: "ng/mL")], [new("gleason-score", 7.5)], [new("grade", Level: "V")],
            [new("sex", Level: "male", Unit: "kg")], [new("psa", Level: "high")], [new("gleason-score", Level: "high")], [new("shoe-size", 44)], [new("psa", double.NaN, Unit: "ng/mL")],
            [new("psa")], [new("psa", 1, "high")], [new("psa", 1, Unit: "ng/mL"), new("psa", 2, Unit: "ng/mL")],
            [new("n-stage", Level: "N0"), new("node-positive", Level: "yes")], [new("m-stage", Level: "M0"), new("liver-metastasis", Level: "yes")],
            [new("m-stage", Level: "M0"), new("other-metastatic-sites", Level: "2")], [new("grade-group", Level: "1"), new("gleason-score", 9)],
            [new("other-metastatic-sites", Level: "1"), new("liver-metastasis", Level: "yes"), new("lung-metastasis", Level: "yes")],
        ];
        foreach (var factors in wrong)
        {
            var problems = FactorDictionary.Code(factors).Problems;
            Assert.NotEmpty(problems);
            foreach (var problem in problems)
            {
                Assert.Contains(problem.Name, factors.Select(factor => factor.Name));
                Assert.True(Sentences.Find(problem.Reason) is { Zh: not null, Ru: not null }, problem.Reason);
            }
        }
    }

    [Theory]
    [InlineData("Case opened: lung, adenocarcinoma.", "zh", "病例已建立：肺癌，腺癌。")]
    [InlineData("imaging: no lesion region was given", "ru", "Изображения: область очага не задана")]
    [InlineData("node-positive is 'yes', but n-stage N0 means 'no'", "zh", "淋巴结转移为“yes”，但n-stage N0表示“no”")]
    [InlineData("Prediction added: 38.8 %, model lung-adenocarcinoma-seer 1.0.0, from clinical, imaging.", "ru", "Прогноз добавлен: 38.8 %, модель lung-adenocarcinoma-seer 1.0.0, источники: Клиника, Изображения.")]
    [InlineData("A sentence of somebody else.", "ru", "A sentence of somebody else.")]
    public void Sentence_InALanguage_HasItsWords(string sentence, string language, string expected) => Assert.Equal(expected, Sentences.In(sentence, language));

    private static List<string> Values(string text) => [.. Value().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal)];

    [GeneratedRegex("\\{\\w+\\}")]
    private static partial Regex Place();

    [GeneratedRegex("10\\d\\d")]
    private static partial Regex Value();
}
