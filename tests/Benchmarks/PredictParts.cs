using System.Diagnostics;
using BoneMet.RiskModels;

namespace BoneMet.Benchmarks;

/// <summary>`bench predict-parts`: where the time of one prediction goes, without HTTP.</summary>
internal static class PredictParts
{
    public static int Run(string[] args)
    {
        var count = args.Length > 0 ? int.Parse(args[0]) : 20_000;
        SubmittedFactor[] submitted = [new("age", 63, null, "years"), new("sex", null, "male"), new("tumour-size", 34, null, "mm"), new("other-metastatic-sites", 1)];
        var coded = FactorDictionary.Code(submitted).Coded;
        var model = ModelLibrary.BuiltIn.Find("lung-adenocarcinoma-seer")!;
        var prediction = ModelGroup.Predict(ModelLibrary.BuiltIn, "lung", "adenocarcinoma", null, coded)!;
        for (var round = 0; round < 2; round++)
        {
            Time("code factors", count, () => FactorDictionary.Code(submitted));
            Time("predict, model given", count, () => Predictor.Predict(model, coded));
            Time("choose and predict", count, () => ModelGroup.Predict(ModelLibrary.BuiltIn, "lung", "adenocarcinoma", null, coded));
            Time($"to JSON ({prediction.ToJson().Length} characters)", count, () => prediction.ToJson());
        }
        return 0;
    }

    private static void Time(string what, int count, Func<object?> work)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++) { _ = work(); }
        Console.WriteLine($"{what,-40} {watch.Elapsed.TotalMicroseconds / count,8:0.0} us {(GC.GetAllocatedBytesForCurrentThread() - bytes) / count,8} bytes");
    }
}
