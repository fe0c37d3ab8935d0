using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using CrmGraph.Reporting.Demo;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying.Paging;

/// <summary>One company per engine for all tests: they only read.</summary>
[CollectionDefinition(Collection)]
public sealed class CompanyPlans : IAsyncLifetime, ICollectionFixture<CompanyPlans>
{
    public const string Collection = "Plans of one company";

    private readonly Dictionary<DatabaseKind, Plans> _made = [];

    internal async Task<Plans> OfAsync(DatabaseKind kind)
    {
        if (!_made.TryGetValue(kind, out var plans))
            _made.Add(kind, plans = await Plans.CreateAsync(kind));
        plans.Found.Clear();
        return plans;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var plans in _made.Values)
            await plans.DisposeAsync();
    }
}

/// <summary>A company in a database that has counted its rows, and what is wrong with the plans of its lists.</summary>
internal sealed class Plans(TestDatabase database, GraphRun graph) : IAsyncDisposable
{
    private const int Customers = 2_500;
    private static readonly DateTime AsOf = new(2026, 3, 16, 10, 0, 0, DateTimeKind.Utc);

    /// <summary>The lists that grow with the company, and their tables. The others (team, campaigns, segments, reports, rates) stay small.</summary>
    public static Dictionary<string, string> Large { get; } = new()
    {
        ["customers"] = "customers", ["orders"] = "orders", ["opportunities"] = "opportunities", ["contracts"] = "contracts",
        ["interactions"] = "interactions", ["tickets"] = "tickets", ["surveyResponses"] = "survey_answers", ["products"] = "products",
    };

    private readonly Dictionary<string, long> _rows = [];

    public List<string> Found { get; } = [];

    public static async Task<Plans> CreateAsync(DatabaseKind kind)
    {
        var database = TestDatabase.Create(kind);
        await DemoCompany.SeedAsync(database.Engine, Customers, AsOf);
        var plans = new Plans(database, new GraphRun(database));
        // The catalogue of the demo is small: a shop with many products.
        await database.ExecuteAsync(kind == DatabaseKind.Sqlite
            ? "insert into products (id, sku, name, name_folded, category, category_folded, recorded_at, updated_at) with n(i) as (select 1 union all "
                + "select i + 1 from n where i < 3000) select randomblob(16), 'S' || i, 'P' || i, 'p' || i, 'C' || (i % 500), 'c' || (i % 500), "
                + "'2026-01-01 00:00:00', '2026-01-01 00:00:00' from n"
            : "insert into products (id, sku, name, name_folded, category, category_folded, recorded_at, updated_at) select gen_random_uuid(), 'S' || i, "
                + "'P' || i, 'p' || i, 'C' || (i % 500), 'c' || (i % 500), now(), now() from generate_series(1, 3000) as i");
        // A company that was not written in one moment.
        await database.ExecuteAsync("update customers set updated_at = created_at");
        // Vacuumed too, as every table is after a while: what an index alone can answer is known then, whenever the autovacuum comes.
        await database.ExecuteAsync(kind == DatabaseKind.Sqlite ? "analyze" : "vacuum (analyze)");
        foreach (var table in Large.Values.Append("order_lines"))
            plans._rows[table] = Convert.ToInt64((await database.QueryAsync($"select count(*) from {table}"))[0][0], CultureInfo.InvariantCulture);
        return plans;
    }

    /// <summary>The first page, the page after it, and the last page.</summary>
    public async Task CheckAsync(string list, string table, string arguments)
    {
        var page = await CheckAsync($"{{ {list}(first: 50, {arguments}) {{ nodes {{ id }} pageInfo {{ endCursor }} }} }}", table);
        var cursor = page.GetProperty(list).GetProperty("pageInfo").GetProperty("endCursor").GetString();
        await CheckAsync(
            $"{{ {list}(first: 50, after: \"{cursor}\", {arguments}) {{ nodes {{ id }} pageInfo {{ hasPreviousPage hasNextPage }} }} }}",
            table);
        await CheckAsync($"{{ {list}(last: 50, {arguments}) {{ nodes {{ id }} }} }}", table);
    }

    public Task CheckNestedAsync(string query, string table) => CheckAsync(query, table, nested: true);

    /// <summary>What PostgreSQL reads for an operation only to throw it away, where that is a hundred times what is of use.</summary>
    public async Task CheckWasteAsync(UsualOperation operation)
    {
        using var log = new StatementLog(database);
        await graph.DataAsync(operation.Query, variables: operation.Variables);
        foreach (var statement in log.Logged.DistinctBy(s => s.Text).ToList())
        {
            await using var connection = await database.Engine.OpenConnectionAsync();
            var text = (await ExplainAsync(connection, statement, asIfLarge: true))[0];
            using var plan = JsonDocument.Parse(text);
            var (used, wasted) = Waste(plan.RootElement[0].GetProperty("Plan"));
            if (wasted > 100 * Math.Max(used, 10))
                Found.Add($"{operation.Name}: {wasted} rows for {used}\n{statement.Text}\n{text}\n");
        }
    }

    public async Task<string> SegmentAsync() =>
        (await graph.DataAsync("{ segments(first: 1) { nodes { id } } }")).GetProperty("segments").GetProperty("nodes")[0].GetProperty("id").GetString()!;

    private async Task<JsonElement> CheckAsync(string query, string table, bool nested = false)
    {
        List<LoggedStatement> statements;
        JsonElement data;
        using (var log = new StatementLog(database))
        {
            data = await graph.DataAsync(query);
            statements = [.. log.Logged.Where(s => s.Text.Contains(table, StringComparison.Ordinal))];
        }

        Assert.NotEmpty(statements);
        foreach (var statement in statements)
            if (await WrongAsync(statement, table, nested) is { } wrong)
                Found.Add($"{query}\n{statement.Text}\n{wrong}\n");
        return data;
    }

    private async Task<string?> WrongAsync(LoggedStatement statement, string table, bool nested)
    {
        await using var connection = await database.Engine.OpenConnectionAsync();
        var plan = await ExplainAsync(connection, statement, asIfLarge: nested);
        return database.Kind == DatabaseKind.Sqlite ? OfSqlite(plan, statement.Text, table, nested) : OfPostgres(plan[0], table);
    }

    /// <summary>A table as small as here would be hashed or read whole by PostgreSQL; <paramref name="asIfLarge"/> forbids it.</summary>
    private async Task<IReadOnlyList<string>> ExplainAsync(DbConnection connection, LoggedStatement statement, bool asIfLarge)
    {
        var sqlite = database.Kind == DatabaseKind.Sqlite;
        await using var command = connection.CreateCommand();
        if (asIfLarge && !sqlite)
        {
            command.CommandText = "set enable_seqscan = off";
            await command.ExecuteNonQueryAsync();
        }

#pragma warning disable CA2100 // The product wrote the text.
        command.CommandText = (sqlite ? "explain query plan " : "explain (analyze, timing off, format json) ") + statement.Text;
#pragma warning restore CA2100
        command.Parameters.AddRange(statement.Parameters.ToArray());
        List<string> lines = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(sqlite ? 3 : 0));
        return lines;
    }

    private static string? OfSqlite(IReadOnlyList<string> lines, string sql, string table, bool nested)
    {
        // The plan has the name that the statement gives the table.
        var alias = sql.Split($"\"{table}\" AS \"")[1].Split('"')[0];
        var whole = lines.Any(
            l => l.StartsWith($"SCAN {alias}", StringComparison.Ordinal) && (nested || !l.Contains(" INDEX ", StringComparison.Ordinal)));
        // A sort within equal leading values sorts few rows.
        var sorts = !nested && lines.Any(l => l.Contains("TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal));
        return whole || sorts ? string.Join('\n', lines) : null;
    }

    private string? OfPostgres(string text, string table)
    {
        using var plan = JsonDocument.Parse(text);
        return RowsRead(plan.RootElement[0].GetProperty("Plan"), table) > Math.Max(1_000, _rows[table] / 4) ? text : null;
    }

    private static double RowsRead(JsonElement node, string table)
    {
        var read = node.TryGetProperty("Relation Name", out var relation) && relation.GetString() == table ? Rows(node) + Removed(node) : 0;
        return read + Inner(node).Sum(n => RowsRead(n, table));
    }

    private static (double Used, double Wasted) Waste(JsonElement node)
    {
        var (used, wasted) = (node.TryGetProperty("Relation Name", out _) ? Rows(node) : 0, Removed(node));
        foreach (var (u, w) in Inner(node).Select(Waste))
            (used, wasted) = (used + u, wasted + w);
        return (used, wasted);
    }

    private static double Rows(JsonElement node) => Number(node, "Actual Rows") * Number(node, "Actual Loops");

    private static double Removed(JsonElement node) => Number(node, "Actual Loops")
        * (Number(node, "Rows Removed by Filter") + Number(node, "Rows Removed by Index Recheck") + Number(node, "Rows Removed by Join Filter"));

    private static double Number(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetDouble() : 0;

    private static IEnumerable<JsonElement> Inner(JsonElement node) => node.TryGetProperty("Plans", out var inner) ? inner.EnumerateArray() : [];

    public async ValueTask DisposeAsync()
    {
        await graph.DisposeAsync();
        await database.DisposeAsync();
    }
}
