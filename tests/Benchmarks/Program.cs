using BoneMet.Benchmarks;

return args switch
{
    ["stats", .. var rest] => StatsBench.Run(rest),
    ["hosting", .. var rest] => HostingBench.Run(rest),
    ["dicom", .. var rest] => DicomBench.Run(rest),
    ["fuzz-dicom", .. var rest] => DicomFuzz.Run(rest),
    ["risk", .. var rest] => RiskBench.Run(rest),
    ["inference", .. var rest] => InferenceBench.Run(rest),
    ["slides", .. var rest] => SlideBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench dicom | fuzz-dicom | hosting | inference | risk | slides | stats ...");
    return 2;
}
