using BoneMet.Benchmarks;

return args switch
{
    ["predict", .. var rest] => await PlatformBench.Predict(rest),
    ["case", .. var rest] => await PlatformBench.Case(rest),
    ["start", .. var rest] => await PlatformBench.StartUp(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: ./bonemet bench predict|case|start ...");
    return 2;
}
