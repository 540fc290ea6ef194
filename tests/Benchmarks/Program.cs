using BoneMet.Benchmarks;

return args switch
{
    ["predict", .. var rest] => await PlatformBench.Predict(rest),
    ["predict-parts", .. var rest] => PredictParts.Run(rest),
    ["case", .. var rest] => await PlatformBench.Case(rest),
    ["start", .. var rest] => await PlatformBench.StartUp(rest),
    ["hosting", .. var rest] => HostingBench.Run(rest),
    ["cohort", .. var rest] => CohortBench.Run(rest),
    ["dicom", .. var rest] => DicomBench.Run(rest),
    ["dicom-receive", .. var rest] => DicomReceiveBench.Run(rest),
    ["dicom-soak", .. var rest] => await DicomSoakBench.Soak(rest),
    ["dicom-large", .. var rest] => await DicomSoakBench.Large(rest),
    ["fuzz-dicom", .. var rest] => DicomFuzz.Run(rest),
    ["risk", .. var rest] => RiskBench.Run(rest),
    ["inference", .. var rest] => InferenceBench.Run(rest),
    ["inference-soak", .. var rest] => await InferenceSoak.Run(rest),
    ["slides", .. var rest] => SlideBench.Run(rest),
    ["stats", .. var rest] => StatsBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: ./bonemet bench NAME: the names are the cases of tests/Benchmarks/Program.cs; docs/benchmarks.md explains them");
    return 2;
}
