using System.Globalization;
using CrmGraph.Data.Database;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying.Paging;

/// <summary>Lists of a stretch of time in another order: PostgreSQL is told to find the stretch first where that is less to read, and not elsewhere.</summary>
public sealed class FilterFirstTests
{
    [Fact]
    public void Rows_of_a_stretch_follow_from_the_bounds_between_which_there_are_equally_many()
    {
        var spread = new ColumnSpread(1_000, [0, 10, 20, 40, 100]);
        Assert.Equal(1_000, spread.RowsWithin(double.NegativeInfinity, double.PositiveInfinity));
        Assert.Equal(250, spread.RowsWithin(0, 10));
        Assert.Equal(125, spread.RowsWithin(15, 20));
        Assert.Equal(500, spread.RowsWithin(20, 100));
        Assert.Equal(375, spread.RowsWithin(30, 1_000));
        Assert.Equal(0, spread.RowsWithin(100, 200));
        Assert.Equal(0, spread.RowsWithin(-5, 0));
        Assert.Equal(0, spread.RowsWithin(10, 5));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_short_stretch_is_found_first_on_PostgreSQL_and_gives_the_same_pages(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await using var graph = new GraphRun(database);
        await database.ExecuteAsync(kind == DatabaseKind.Sqlite
            ? "with n(i) as (select 1 union all select i + 1 from n where i < 8000) insert into customers (name, region, created_at, day) "
                + "select 'N' || (i * 7919 % 8000), case i % 5 when 0 then 'EU' else 'US' end, datetime('2024-01-01', (i * 2) || ' hours'), "
                + "date('2024-01-01', (i * 2) || ' hours') from n"
            : "insert into customers (name, region, created_at) select 'N' || (i * 7919 % 8000), "
                + "case i % 5 when 0 then 'EU' else 'US' end, timestamptz '2024-01-01Z' + i * interval '2 hours' from generate_series(1, 8000) i");
        await database.ExecuteAsync("analyze");

        var (month, first) = await PagesAsync("2024-05-01", "2024-06-01");
        var (years, other) = await PagesAsync("2024-01-01", "2026-01-01");

        Assert.Equal(kind == DatabaseKind.Postgres, first);
        Assert.False(other);
        Assert.Equal(Expected(new(2024, 5, 1), new(2024, 6, 1)), month);
        Assert.Equal(Expected(new(2024, 1, 1), new(2026, 1, 1)).Take(80), years);

        async Task<(List<string> Names, bool FilterFirst)> PagesAsync(string from, string until)
        {
            List<string> names = [];
            var isFirst = false;
            for (string? after = null; names.Count < 80;)
            {
                using var log = new StatementLog(database);
                var page = (await graph.DataAsync(
                    $$"""
                    { customers(where: { region: { eq: "EU" }, createdAt: { gte: "{{from}}T00:00:00Z", lt: "{{until}}T00:00:00Z" } },
                        order: [{ name: ASC }], first: 20{{(after is null ? "" : $", after: \"{after}\"")}}) { nodes { name } pageInfo { hasNextPage endCursor } } }
                    """)).GetProperty("customers");
                names.AddRange(page.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("name").GetString()!));
                isFirst = log.Logged.Any(s => s.Text.Contains("OFFSET 0", StringComparison.Ordinal));
                after = page.GetProperty("pageInfo").GetProperty("endCursor").GetString();
                if (!page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean())
                    break;
            }

            return (names, isFirst);
        }

        static IEnumerable<string> Expected(DateTime from, DateTime until) => Enumerable.Range(1, 8_000)
            .Where(i => i % 5 == 0 && new DateTime(2024, 1, 1).AddHours(i * 2) >= from && new DateTime(2024, 1, 1).AddHours(i * 2) < until)
            .Select(i => "N" + (i * 7919 % 8000).ToString(CultureInfo.InvariantCulture))
            .Order(StringComparer.Ordinal);
    }
}
