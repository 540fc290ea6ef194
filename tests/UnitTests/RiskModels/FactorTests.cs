using System.Text.Json;
using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed class FactorTests
{
    [Theory]
    [InlineData("psa", 41, "µg/L", 41)]
    [InlineData("ПСА", 41, "нг/мл", 41)]
    [InlineData("haemoglobin", 13.2, "g/dL", 132)]
    [InlineData("ЩФ", 2, "мккат/л", 120)]
    [InlineData("ldh", 5, "µkat/L", 300)]
    [InlineData("钙", 10, "mg/dL", 2.4951)]
    [InlineData("albumin", 3.7, "g/dL", 37)]
    [InlineData("CRP", 0.4, "mg/dL", 4)]
    [InlineData("platelets", 100000, "/µL", 100)]
    [InlineData("bilirubin", 1, "mg/dL", 17.1)]
    [InlineData("tumor size", 41, "毫米", 4.1)]
    public void Code_ANumber_InAnyUnitAndLanguage_IsCanonical(string name, double number, string unit, double expected)
    {
        var coding = FactorDictionary.Code([new(name, number, Unit: unit)]);
        Assert.Empty(coding.Problems);
        Assert.Equal(expected, coding.Coded[0].Number!.Value, 1e-9);
    }

    [Theory]
    [InlineData("sex", "男", "male")]
    [InlineData("Пол", "Ж", "female")]
    [InlineData("T分期", "T2a", "T2")]
    [InlineData("病理", "鳞癌", "squamous")]
    [InlineData("HER2", "3+", "positive")]
    [InlineData("HER2", "2+", "equivocal")]
    [InlineData("breast-subtype", "HR-/HER2-", "HR-/HER2-")]
    [InlineData("breast-subtype", "HR+/HER2-", "HR+/HER2-")]
    [InlineData("er", "-", "negative")]
    public void Code_ALevel_InAnyLanguage_IsCanonical(string name, string level, string expected)
    {
        var coding = FactorDictionary.Code([new(name, Level: level)]);
        Assert.Empty(coding.Problems);
        Assert.Equal(expected, coding.Coded[0].Level);
    }

    [Theory]
    [InlineData("2000-8", 2.4, "mmol/L", 2.4)]
    [InlineData("17861-6", 9.6187, "mg/dL", 2.4)]
    [InlineData("14631-6", 17.1, "umol/L", 17.1)]
    [InlineData("1975-2", 1.0, "mg/dL", 17.1)]
    [InlineData("14682-9", 88.42, "umol/L", 88.42)]
    [InlineData("2160-0", 1.0, "mg/dL", 88.42)]
    public void FhirObservation_ByMolesOrByMass_IsTheSameFactor(string loinc, double value, string unit, double expected)
    {
        using var json = System.Text.Json.JsonDocument.Parse(System.Text.Json.JsonSerializer.Serialize(new
        {
            resourceType = "Observation", status = "final", code = new { coding = new[] { new { system = "http://loinc.org", code = loinc } } }, valueQuantity = new { value, code = unit },
        }));
        var coded = Assert.Single(FactorDictionary.Code(FhirFactors.Read(json.RootElement).Factors).Coded);
        Assert.Equal(expected, coded.Number!.Value, 1e-3);

        // The first code of a factor is that of its own unit, which is the one that a report gives.
        var first = FactorDictionary.Find(coded.Name)!.Codes[0].Code;
        Assert.Equal(unit == coded.Unit, first == loinc);
    }

    [Theory]
    [InlineData("psa", 3.0, null, "mg", "unknown-unit")]
    [InlineData("psa", 3.0, null, null, "missing-unit")]
    [InlineData("psa", double.NaN, null, "ng/mL", "impossible-value")]
    [InlineData("age", 300.0, null, null, "impossible-value")]
    [InlineData("gleason-score", 7.5, null, null, "impossible-value")]
    [InlineData("age", null, "old", null, "unknown-level")]
    [InlineData("sex", null, "unknown", null, "unknown-level")]
    [InlineData("shoe size", 42.0, null, null, "unknown-factor")]
    [InlineData("sex", null, null, null, "no-value")]
    public void Code_BadInput_NamesItemAndReason(string name, double? number, string? level, string? unit, string code)
    {
        var problem = Assert.Single(FactorDictionary.Code([new(name, number, level, unit)]).Problems);
        Assert.Equal(code, problem.Code);
        Assert.Contains(name.Split(' ')[0], problem.Reason, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Code_NodeNegativeStage_WithPositiveNodes_IsContradictory()
    {
        var problem = Assert.Single(FactorDictionary.Code([new("n-stage", Level: "N0"), new("node-positive", Level: "yes")]).Problems);
        Assert.Equal("contradictory", problem.Code);
        Assert.Contains("N0", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_DerivesWhatFollows()
    {
        var coded = FactorDictionary.Code(
        [
            new("n-stage", Level: "N2"), new("brain-metastasis", Level: "no"), new("liver-metastasis", Level: "yes"), new("lung-metastasis", Level: "yes"), new("gleason-score", 9),
            new("er", Level: "positive"), new("her2", Level: "negative"),
        ]).Coded.ToDictionary(f => f.Name);
        Assert.Equal("yes", coded["node-positive"].Level);
        Assert.Equal("2", coded["other-metastatic-sites"].Level);
        Assert.Equal("5", coded["grade-group"].Level);
        Assert.Equal("HR+/HER2-", coded["breast-subtype"].Level);
        Assert.Equal(["n-stage"], coded["node-positive"].DerivedFrom);
    }

    [Fact]
    public void Dictionary_EveryFactor_HasThreeLanguagesAndATime()
    {
        Assert.True(FactorDictionary.All.Count >= 55);
        foreach (var factor in FactorDictionary.All)
        {
            Assert.NotNull(factor.Label.Zh);
            Assert.NotNull(factor.Label.Ru);
            Assert.True(FactorTime.Order(factor.KnownAt) >= 0, factor.Name);
            Assert.True(factor.IsNumber ? factor.Units.Count > 0 : factor.Levels.Count > 1, factor.Name);
        }
    }

    [Fact]
    public void Dictionary_NoCode_NamesTwoFactors()
    {
        var codes = FactorDictionary.All.SelectMany(factor => factor.Codes).ToList();
        Assert.Equal(codes.Distinct(), codes);
    }

    [Fact]
    public void Fhir_Bundle_MapsByCode_AndListsTheRest()
    {
        const string Bundle = """
            {"resourceType":"Bundle","type":"collection","entry":[
              {"resource":{"resourceType":"Patient","gender":"male","maritalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"D"}]}}},
              {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2857-1"}]},"valueQuantity":{"value":41.0,"unit":"ug/L","system":"http://unitsofmeasure.org","code":"ug/L"}}},
              {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"21905-5"}]},"valueCodeableConcept":{"text":"cT3a","coding":[{"display":"T3a"}]}}},
              {"resource":{"resourceType":"Observation","status":"entered-in-error","code":{"coding":[{"system":"http://loinc.org","code":"6768-6"}]},"valueQuantity":{"value":100,"code":"U/L"}}},
              {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}],"text":"Heart rate"},"valueQuantity":{"value":70}}},
              {"resource":{"resourceType":"Condition","code":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/icd-o-3","code":"C61.9"}]}}},
              {"resource":{"resourceType":"Medication"}}]}
            """;
        using var json = JsonDocument.Parse(Bundle);
        var set = FhirFactors.Read(json.RootElement);
        var coded = FactorDictionary.Code(set.Factors);
        Assert.Empty(coded.Problems);
        Assert.Equal(["cancer-type", "marital-status", "psa", "sex", "t-stage"], coded.Coded.Select(f => f.Name));
        Assert.Equal(41, coded.Coded.Single(f => f.Name == "psa").Number);
        Assert.Equal(3, set.NotMapped.Count);
        Assert.Contains(set.NotMapped, left => left.Contains("Heart rate", StringComparison.Ordinal));
    }

    [Fact]
    public void Fhir_DiagnosesAndDates_MapAndTheNewestValueCounts()
    {
        const string Bundle = """
            {"resourceType":"Bundle","type":"collection","entry":[
              {"resource":{"resourceType":"Patient","birthDate":"1960-11-26"}},
              {"resource":{"resourceType":"Condition","code":{"coding":[{"system":"http://snomed.info/sct","code":"363358000"}]}}},
              {"resource":{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C77.1"},{"system":"http://snomed.info/sct","code":"94392001"}]}}},
              {"resource":{"resourceType":"Condition","verificationStatus":{"coding":[{"code":"refuted"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C78.7"}]}}},
              {"resource":{"resourceType":"Condition","verificationStatus":{"coding":[{"code":"entered-in-error"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C79.3"}]}}},
              {"resource":{"resourceType":"Observation","status":"final","effectiveDateTime":"2026-02-01T10:00:00Z","code":{"coding":[{"system":"http://loinc.org","code":"2039-6"}]},"valueQuantity":{"value":8,"unit":"ng/mL"}}},
              {"resource":{"resourceType":"Observation","status":"final","effectiveDateTime":"2025-02-01T10:00:00Z","code":{"coding":[{"system":"http://loinc.org","code":"2039-6"}]},"valueQuantity":{"value":3,"unit":"ng/mL"}}},
              {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2532-0"}]},"valueQuantity":{"value":200,"unit":"U/L"}}},
              {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2532-0"}]},"valueQuantity":{"value":400,"unit":"U/L"}}}]}
            """;
        using var json = JsonDocument.Parse(Bundle);
        var set = FhirFactors.Read(json.RootElement, new DateOnly(2026, 11, 25));
        var coding = FactorDictionary.Code(set.Factors);
        Assert.Equal("given-twice", Assert.Single(coding.Problems).Code);
        Assert.Equal(65, coding.Coded.Single(f => f.Name == "age").Number);
        Assert.Equal(8, coding.Coded.Single(f => f.Name == "cea").Number);
        Assert.Equal("lung", coding.Coded.Single(f => f.Name == "cancer-type").Level);
        Assert.Equal("yes", coding.Coded.Single(f => f.Name == "node-positive").Level);
        Assert.Equal("no", coding.Coded.Single(f => f.Name == "liver-metastasis").Level);
        Assert.DoesNotContain(coding.Coded, f => f.Name == "brain-metastasis");
        Assert.Contains(set.NotMapped, left => left.Contains("entered in error", StringComparison.Ordinal));
        Assert.Contains(FhirFactors.Read(json.RootElement).NotMapped, left => left.Contains("birthDate", StringComparison.Ordinal));
    }
}
