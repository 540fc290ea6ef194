using BoneMet.Benchmarks;

return args switch
{
    ["hosting", .. var rest] => HostingBench.Run(rest),
    ["inference", .. var rest] => InferenceBench.Run(rest),
    ["slides", .. var rest] => SlideBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench hosting | inference | slides ...");
    return 2;
}
