using System.Text.RegularExpressions;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

/// <summary>The examples of docs/writing.md are run as they stand there; figures, search and the graph must then be right.</summary>
public sealed partial class DocumentedSqlTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_order_written_by_the_documented_sql_counts_like_any_other(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var graph = new GraphQLClient(database);

        await database.ExecuteAsync(Example(kind == DatabaseKind.Sqlite ? "SQLite" : "PostgreSQL"));

        await TriggerTests.AssertFiguresAsync(database);
        var data = await graph.DataAsync("""
            {
              customers(where: { name: { contains: "LOVELACE" } }) { nodes { orderCount firstPurchase moneySpent { amount currency } orders { nodes { number lines { nodes { quantity amount } } } } } }
              customerByExternalId(source: "shop", key: "C-1") { name email }
              metrics(period: { range: { from: "2026-03-15", until: "2026-03-16" } }) { totals { revenue { value } orders { value } activeCustomers { value } } }
            }
            """);
        Assert.Equal(
            """{"orderCount":1,"firstPurchase":"2026-03-15","moneySpent":[{"amount":19.9,"currency":"EUR"}],"orders":{"nodes":[{"number":"O-1","lines":"""
                + """{"nodes":[{"quantity":2,"amount":19.9}]}}]}}""",
            data.GetProperty("customers").GetProperty("nodes")[0].GetRawText());
        Assert.Equal("ada@example.com", data.GetProperty("customerByExternalId").GetProperty("email").GetString());
        Assert.Equal(
            """{"revenue":{"value":19.9},"orders":{"value":1},"activeCustomers":{"value":1}}""",
            data.GetProperty("metrics").GetProperty("totals").GetRawText());

        // What plain SQL wrote is known to mutations by its outside id.
        var again = await graph.DataAsync(
            """mutation { upsertCustomer(input: { externalIds: [{ source: "shop", key: "C-1" }], city: "London" }) { customer { name city } } }""");
        Assert.Equal("""{"name":"Ada Lovelace","city":"London"}""", again.GetProperty("upsertCustomer").GetProperty("customer").GetRawText());
    }

    private static string Example(string database)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CrmGraph.sln")))
            folder = folder.Parent!;
        var text = File.ReadAllText(Path.Combine(folder.FullName, "docs", "writing.md"));
        return Blocks().Matches(text).Select(m => m.Groups[1].Value).Single(block => block.StartsWith("-- " + database, StringComparison.Ordinal));
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
