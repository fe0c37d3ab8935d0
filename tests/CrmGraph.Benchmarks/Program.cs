using CrmGraph.Benchmarks;
using CrmGraph.Benchmarks.Http;

// One benchmark a word: the first argument says which.
switch (args)
{
    case ["dashboard", .. var rest]:
        return await DashboardBenchmark.RunAsync(rest);
    case ["entities", .. var rest] when await EntityBenchmark.RunAsync(rest) == 0:
        return 0;
    case ["live"]:
        await LiveBenchmark.RunAsync();
        return 0;
    case ["prices", .. var rest] when await PriceBenchmark.RunAsync(rest) == 0:
        return 0;
    case ["http", .. var rest]:
        return await HttpBenchmark.RunAsync(rest);
    case ["limit-server", .. var rest]:
        await LimitServer.RunAsync(rest);
        return 0;
    default:
        return Usage();
}

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project tests/CrmGraph.Benchmarks -- dashboard --database CONNECTION [options]

          --database CONNECTION   'Data Source=FILE' or 'Host=...;Database=...;Username=...'
          --import FILE           load this file first (Online Retail, CSV, plain or gzip); nothing changes when it is there already
          --map MAP               the ready map for it; online-retail when left out
          --demo CONNECTION       a database for the page of the demo company; an empty one is filled with it
          --runs N                measured runs of each operation; 40 when left out
          --only TEXT             only the operations with this text in their names
          --sql                   print every statement of one run with its time

        or: ... -- entities --database CONNECTION [--only TEXT]      customers and orders against hand-written Npgsql (100,000 customers: crmgraph seed)
        or: ... -- live           commit to value of live metrics, on databases of its own (PostgreSQL on the server of CRMGRAPH_TEST_POSTGRES)

        or: ... -- prices [options]      milliseconds per unit of price, of operations of every kind; on databases of its own as above

          --customers N           of these databases; 20,000 when left out
          --database CONNECTION   this one instead, filled by: crmgraph seed; a segment is added
          --runs N                of each operation, whose median counts; 3 when left out

        or: ... -- http --database 'Host=...;Database=...' [options]      the server end to end, against a hand-written limit, driven by wrk

          --database CONNECTION   PostgreSQL, filled by: crmgraph seed --customers 340000 --as-of 2026-03-16 (1,002,883 orders)
          --only W1,W6            only these requests
          --rounds N, --seconds N of how many rounds the medians are, and how long one is; 5 and 8 when left out
          --warm-up N             seconds before the first round, for the compiler; 15 when left out
          --connections N         kept open by wrk; 16 when left out
          --as representative     ask as one who sees his own customers only
          --server FOLDER         a built server; this build's when left out
          --against FOLDER        compare with another built server instead of the limit: two revisions by ratio
        """);
    return 2;
}
