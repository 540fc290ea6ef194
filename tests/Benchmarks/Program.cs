switch (args.FirstOrDefault())
{
    case "stats": return BoneMet.Benchmarks.StatsBench.Run(args[1..]);
    default:
        Console.Error.WriteLine("usage: bench NAME");
        return 2;
}
