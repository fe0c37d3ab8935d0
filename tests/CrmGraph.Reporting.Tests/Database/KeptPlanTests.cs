using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using CrmGraph.TestKit;
using Npgsql;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

/// <summary>PostgreSQL keeps the plans of a connection's triggers: those made while the tables were empty must do for what is written next.</summary>
public sealed class KeptPlanTests
{
    private const int Customers = 1_500;

    [Fact]
    public async Task Triggers_whose_plans_were_made_on_empty_tables_look_rows_up_one_by_one()
    {
        await using var database = TestDatabase.Create(DatabaseKind.Postgres);
        await using var connection = await database.Engine.OpenConnectionAsync();
        await ExecuteAsync(connection, "vacuum (analyze)");
        var plans = new ConcurrentQueue<string>();
        ((NpgsqlConnection)connection).Notice += (_, told) => plans.Enqueue(told.Notice.MessageText);
        await ExecuteAsync(
            connection,
            """
            load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
            set auto_explain.log_analyze = on; set auto_explain.log_level = notice
            """);
        foreach (var (from, to) in new[] { (1, 1), (2, 2), (3, Customers) })
            await ExecuteAsync(connection, $"insert into customers (name) select 'c' || i from generate_series({from}, {to}) i");
        foreach (var size in new[] { 1, 1, Customers, Customers })
            await WriteOrdersAsync(connection, size);
        await ExecuteAsync(connection, "update orders set channel = 'shop'");

        Assert.Contains(plans, plan => plan.Contains("insert into customer_money", StringComparison.Ordinal));
        Assert.All(plans, plan => Assert.All(Compared(plan), rows => Assert.InRange(rows, 0, 10 * Customers)));
    }

    /// <summary>How many pairs of rows the joins of a plan compared in vain.</summary>
    private static IEnumerable<long> Compared(string plan) =>
        Regex.Matches(plan, "Rows Removed by Join Filter: ([0-9]+)").Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    private static async Task WriteOrdersAsync(DbConnection connection, int count)
    {
        await ExecuteAsync(
            connection,
            $"""
            insert into orders (customer_id, number, ordered_at, currency, channel, gross_amount)
            select id, 'x', '2026-03-15T18:30:00Z', 'EUR', 'web', 100 from customers order by name limit {count}
            """);
        await ExecuteAsync(
            connection,
            """
            insert into order_lines (customer_id, order_id, quantity, unit_price, amount)
            select customer_id, id, 10000, 100, 100 from orders o
            where not exists (select from order_lines l where l.customer_id = o.customer_id and l.order_id = o.id)
            """);
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
