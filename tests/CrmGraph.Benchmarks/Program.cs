using CrmGraph.Benchmarks;

// dotnet run -c Release --project tests/CrmGraph.Benchmarks -- live
switch (args)
{
    case ["live"]:
        await LiveBenchmark.RunAsync();
        return 0;
    default:
        Console.Error.WriteLine("Say which: live.");
        return 1;
}
