using System.Text.RegularExpressions;
using CrmGraph.GraphQL.TestKit;
using CrmGraph.TestKit;
using Snapshooter.Xunit;
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
        const string written = """
            {
              customers(where: { name: { contains: "LOVELACE" } }) {
                nodes { orderCount firstPurchase moneySpent { amount currency } orders { nodes { number lines { nodes { quantity amount } } } } }
              }
              customerByExternalId(source: "shop", key: "C-1") { name email }
              metrics(period: { range: { from: "2026-03-15", until: "2026-03-16" } }) {
                totals { revenue { value } orders { value } activeCustomers { value } }
              }
            }
            """;
        // What plain SQL wrote is known to mutations by its outside id.
        const string again
            = """mutation { upsertCustomer(input: { externalIds: [{ source: "shop", key: "C-1" }], city: "London" }) { customer { name city } } }""";
        var data = await graph.DataAsync(written);
        Snapshot.Match(Transcript.Of(written, data) + Transcript.Of(again, await graph.DataAsync(again)));
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
