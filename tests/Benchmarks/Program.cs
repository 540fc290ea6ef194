using BoneMet.Benchmarks;

switch (args.FirstOrDefault())
{
    case "hosting": return HostingBench.Run(args[1..]);
    default:
        Console.Error.WriteLine("usage: bench NAME");
        return 2;
}
