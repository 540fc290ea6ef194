using BoneMet.Benchmarks;

return args switch
{
    ["hosting", .. var rest] => HostingBench.Run(rest),
    ["inference", .. var rest] => InferenceBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench hosting | inference ...");
    return 2;
}
