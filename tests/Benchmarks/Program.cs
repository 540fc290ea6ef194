using BoneMet.Benchmarks;

return args switch
{
    ["inference", .. var rest] => InferenceBench.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench inference ...");
    return 2;
}
