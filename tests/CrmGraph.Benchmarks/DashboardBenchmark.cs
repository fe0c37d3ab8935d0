using CrmGraph.Data;
using CrmGraph.Data.Database;
using CrmGraph.GraphQL;
using CrmGraph.Reporting;
using CrmGraph.Reporting.Demo;
using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Ingest;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Benchmarks;

/// <summary>
/// What a dashboard asks, from GraphQL text to the bytes of the answer, without a network: six metrics of the two halves of a year by
/// country, and pages of customers with their last orders, lines and products.
/// </summary>
internal static class DashboardBenchmark
{
    // The data end on 2011-12-09: both periods together are all of it but nine days.
    private const string Metrics = """
        { metrics(period: {range: {from: "2011-06-01", until: "2011-12-01"}}, groupBy: [COUNTRY], compareTo: PREVIOUS_PERIOD) {
            groupCount totals { ...six } groupTotals { country ...six } } }
        fragment six on MetricRow {
          revenue { value previous changeRatio } orders { value previous changeRatio } averageOrderValue { value previous changeRatio }
          activeCustomers { value previous changeRatio } newCustomers { value previous changeRatio } retentionRate { value reason previous changeRatio } }
        """;

    private const string Categories = """
        { metrics(period: {range: {from: "2011-06-01", until: "2011-12-01"}}, groupBy: [PRODUCT_CATEGORY], compareTo: PREVIOUS_PERIOD) {
            totals { ...four } groupTotals { productCategory ...four } } }
        fragment four on MetricRow { revenue { value previous } orders { value previous } unitsSold { value previous } activeCustomers { value previous } }
        """;

    private const string Months = """
        { metrics(period: {range: {from: "2010-12-01", until: "2011-12-01"}}, grain: MONTH) {
            bucketTotals { bucket { label } ...six } totals { ...six } } }
        fragment six on MetricRow { revenue { value } orders { value } averageOrderValue { value } activeCustomers { value } newCustomers { value } retentionRate { value reason } }
        """;

    private const string Orders = """
        query($where: CustomerFilterInput) { customers(first: 50, where: $where, order: [{name: ASC}]) { pageInfo { hasNextPage endCursor } nodes {
            id name country
            orders(first: 5, order: [{orderedAt: DESC}]) { nodes { id number orderedAt grossAmount currency } } } } }
        """;

    private const string Page = """
        query($where: CustomerFilterInput) { customers(first: 50, where: $where, order: [{name: ASC}]) { pageInfo { hasNextPage endCursor } nodes {
            id name country
            orders(first: 5, order: [{orderedAt: DESC}]) { nodes { id number orderedAt grossAmount currency
              lines { nodes { quantity amount product { sku name } } } } } } } }
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = Options.Read(arguments);
        if (options is null)
            return 2;
        await using (var services = await OpenAsync(options.Database))
        {
            if (options.Import is { } file)
                await ImportAsync(services, file, options.Map);
            var runner = new OperationRunner(services, options.Runs, options.PrintSql, options.Only);
            OperationRunner.Head();
            await runner.MeasureAsync("six metrics, compared, by country", Metrics, null);
            var where = new { where = new { country = new { eq = "United Kingdom" }, orderCount = new { gte = 5 } } };
            await runner.MeasureAsync("customer page: 50 x last 5 orders", Orders, where);
            await runner.MeasureAsync("customer page: 50 x 5 orders x lines (not a goal)", Page, where);
            await runner.MeasureAsync("six metrics by month (not a goal)", Months, null);
            await runner.MeasureAsync("four metrics by product category (not a goal)", Categories, null);
        }

        if (options.Demo is { } demo)
        {
            await using var services = await OpenAsync(demo);
            var engine = services.GetRequiredService<DatabaseEngine>();
            if (await DemoCompany.IsEmptyAsync(engine))
                await DemoCompany.SeedAsync(engine);
            var runner = new OperationRunner(services, options.Runs, options.PrintSql, options.Only);
            await runner.MeasureAsync(
                "demo: customer page: 50 x 5 orders x lines",
                Page,
                new { where = new { lifecycleStage = new { eq = "CUSTOMER" }, orderCount = new { gte = 2 } } });
        }

        return 0;
    }

    private static async Task<ServiceProvider> OpenAsync(string connection)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddCrmDatabase(connection);
        services.AddCrm(new CrmLimits());
        services.AddSingleton(new GraphQLLimits());
        services.AddSingleton(CrmSchema.Builder().Build());
        services.AddSingleton(
            p => new RequestExecutor(p.GetRequiredService<GraphQL.Types.Schema>(), new() { OnUnexpectedError = e => Console.Error.WriteLine(e.Exception) }));
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<DatabaseEngine>().MigrateAsync();
        return provider;
    }

    private static async Task ImportAsync(ServiceProvider services, string file, string map)
    {
        var writer = services.GetRequiredService<CrmWriter>();
        await using var writes = writer.ForImport();
        var importer = new Importer(writes.WriteAsync, TimeProvider.System, ImportLimits.For(writer));
        var report = await importer.RunAsync(
            ReadyMaps.Load(map), [new ImportFile(Path.GetFileName(file), () => File.OpenRead(file))], new ImportOptions(), CancellationToken.None);
        Console.WriteLine(
            $"imported {report.RowsRead} rows in {report.Seconds:0.0} s ({report.RowsUsed} used, {report.RowsSkipped} skipped, {report.RowsRefused} refused)");
        if (report.Error is { } error)
            throw new InvalidOperationException(error.Message);
    }

    private sealed record Options(string Database, string? Import, string Map, string? Demo, int Runs, bool PrintSql, string? Only)
    {
        /// <summary>Null, after saying why, when they make no sense.</summary>
        public static Options? Read(string[] arguments)
        {
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < arguments.Length; i++)
            {
                if (arguments[i] == "--sql")
                    values["--sql"] = "";
                else if (arguments[i] is "--database" or "--import" or "--map" or "--demo" or "--runs" or "--only" && i + 1 < arguments.Length)
                    values[arguments[i]] = arguments[++i];
                else
                    return Wrong($"'{arguments[i]}' is no option, or has no value.");
            }

            if (!values.TryGetValue("--database", out var database))
                return Wrong("--database is missing.");
            if (!int.TryParse(values.GetValueOrDefault("--runs", "40"), out var runs) || runs < 1)
                return Wrong("--runs must be a whole number from 1.");
            return new(
                database,
                values.GetValueOrDefault("--import"),
                values.GetValueOrDefault("--map", "online-retail"),
                values.GetValueOrDefault("--demo"),
                runs,
                values.ContainsKey("--sql"),
                values.GetValueOrDefault("--only"));
        }

        private static Options? Wrong(string message)
        {
            Console.Error.WriteLine("error: " + message);
            return null;
        }
    }
}
