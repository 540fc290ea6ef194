using BoneMet.Benchmarks;

return args switch
{
    ["cohort", .. var rest] => CohortBench.Run(rest),
    ["dicom", .. var rest] => DicomBench.Run(rest),
    ["fuzz-dicom", .. var rest] => DicomFuzz.Run(rest),
    ["hosting", .. var rest] => HostingBench.Run(rest),
    ["inference", .. var rest] => InferenceBench.Run(rest),
    ["slides", .. var rest] => SlideBench.Run(rest),
    ["stats", .. var rest] => StatsBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench cohort | dicom | fuzz-dicom | hosting | inference | slides | stats ...");
    return 2;
}
