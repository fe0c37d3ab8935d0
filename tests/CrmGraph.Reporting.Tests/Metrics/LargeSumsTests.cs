using System.Globalization;
using System.Text.Json;
using CrmGraph.Data.Database.Migrations;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Ingest;
using CrmGraph.Reporting.Ingest.Customers;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CrmGraph.Reporting.Tests.Metrics;

/// <summary>Money above what 64 bits hold: sums over customers are right, and what does not fit in one customer's kept money is refused by name.</summary>
public sealed class LargeSumsTests
{
    private const string Tables = """
        {
          totals: metrics(period: {last: {count: 24, unit: MONTH}}) { ...T }
          quarters: metrics(period: {last: {count: 8, unit: QUARTER}}, grain: QUARTER, compareTo: PREVIOUS_YEAR) { ...T }
          countries: metrics(period: {last: {count: 24, unit: MONTH}}, groupBy: [COUNTRY, CHANNEL]) { ...T }
          first: metrics(period: {last: {count: 24, unit: MONTH}}, groupBy: [REGION], first: 2) { ...T }
          categories: metrics(period: {last: {count: 24, unit: MONTH}}, groupBy: [PRODUCT_CATEGORY]) { rows { key grossRevenue { value } averageOrderValue { value } } totals { grossRevenue { value } } }
          pipeline: metrics(period: {last: {count: 24, unit: MONTH}}, grain: MONTH) { rows { openPipeline { value } } totals { openPipeline { value } } }
          spend: metrics(period: {last: {count: 24, unit: MONTH}}, groupBy: [CHANNEL]) { rows { marketingSpend { value } } totals { marketingSpend { value } cac { value } } }
        }
        fragment T on MetricTable { rows { key grossRevenue { ...V } revenue { ...V } returns { ...V } averageOrderValue { ...V } } totals { grossRevenue { ...V } revenue { ...V } } }
        fragment V on MoneyMetric { value previous }
        """;

    [Theory]
    [InlineData(DatabaseKind.Sqlite, 1)]
    [InlineData(DatabaseKind.Postgres, 1)]
    [InlineData(DatabaseKind.Sqlite, 2)]
    [InlineData(DatabaseKind.Postgres, 2)]
    public async Task Money_many_times_as_large_has_sums_many_times_as_large(DatabaseKind kind, int seed)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var crm = await SampleCrm.CreateAsync(database, seed);
        await using var client = new GraphQLClient(database);
        var before = Numbers(await client.DataAsync(Tables));
        var largest = crm.Orders.GroupBy(o => (o.CustomerId, o.Currency)).Max(g => g.Sum(o => o.GrossAmount));
        var factor = 9_000_000_000_000_000_000 / Math.Max(largest, crm.Opportunities.Max(o => o.Amount ?? 0));
        Assert.True(crm.Orders.Where(o => o.Day > crm.Today.AddYears(-2)).Sum(o => (decimal)o.GrossAmount) * factor > long.MaxValue * 2m);

        foreach (var (table, columns) in new[] {
            ("order_lines", "amount discount_amount"),
            ("orders", "gross_amount returned_amount discount_amount"),
            ("opportunities", "amount"),
            ("campaign_spend", "amount") })
            await database.ExecuteAsync(
                $"update {table} set {string.Join(", ", columns.Split(' ').Select(c => string.Create(CultureInfo.InvariantCulture, $"{c} = {c} * {factor}")))}");
        var after = Numbers(await client.DataAsync(Tables));

        Assert.Contains(before, n => n > 0);
        Assert.Equal(before.Count, after.Count);
        Assert.All(
            before.Zip(after),
            n => Assert.InRange(n.Second, n.First * factor - Math.Abs(n.First) * factor / 1_000_000,
                n.First * factor + Math.Abs(n.First) * factor / 1_000_000));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_order_that_does_not_fit_in_its_customers_money_is_refused_alone(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var client = new GraphQLClient(database);
        var (full, other) = (new Customer { Id = Guid.CreateVersion7(), Name = "Full" }, new Customer { Id = Guid.CreateVersion7(), Name = "Other" });
        await database.SaveAsync(full, other, OrderOf(full, long.MaxValue - 10), OrderOf(other, 5));
        IngestBatch Batch() => new() { Orders = { Amount(full, 1, 1), Amount(other, 2, 2), Amount(full, 3, 3) } };

        var writer = client.Services.GetRequiredService<CrmWriter>();
        await using (var trial = writer.Try())
            Assert.Equal(
                [RefusalCodes.OutOfRange, RefusalCodes.OutOfRange],
                (await trial.WriteAsync(Batch(), new WriteOptions(), default)).Refusals.Select(r => r.Code));
        var outcome = await writer.WriteAsync(Batch());
        var merged = await Assert.ThrowsAsync<ValidationException>(
            () => client.Services.GetRequiredService<CustomerWriter>().MergeAsync(full.Id, other.Id, Caller.System));

        Assert.Equal([(1L, RefusalCodes.OutOfRange), (3L, RefusalCodes.OutOfRange)], outcome.Refusals.Select(r => (r.Origin, r.Code)));
        Assert.Equal(RefusalCodes.OutOfRange, merged.Code);
        var kept = await database.QueryAsync("select m.gross_amount from customer_money m join customers c on c.id = m.customer_id order by c.name");
        Assert.Equal([long.MaxValue - 10, 20_005L], kept.Select(r => (long)r[0]!));
        await Assert.ThrowsAnyAsync<Exception>(() => database.SaveAsync(OrderOf(full, 11)));
        var read = await client.DataAsync("{ customers(order: [{moneySpent: DESC}]) { nodes { name } } metrics(period: {range: {from: \"2024-05-01\", "
            + "until: \"2024-06-01\"}}) { totals { grossRevenue { value } } } }");
        Assert.Equal("Full", read.GetProperty("customers").GetProperty("nodes")[0].GetProperty("name").GetString());
        Assert.Equal(922337203685479.5802m, read.GetProperty("metrics").GetProperty("totals").GetProperty("grossRevenue").GetProperty("value").GetDecimal());
    }

    [Fact]
    public async Task Totals_that_became_inexact_are_added_up_again()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var (some, many) = (new Customer { Id = Guid.CreateVersion7(), Name = "A" }, new Customer { Id = Guid.CreateVersion7(), Name = "B" });
        await database.SaveAsync(some, many, OrderOf(some, 5_000_000_000_000_000_001), OrderOf(many, 1));
        var repair = Migrator.MigrationsFor(database.Engine).Single(m => m.Name.EndsWith("large_totals", StringComparison.Ordinal)).Sql;
        await database.ExecuteAsync("drop trigger customer_money_inserted; drop trigger customer_money_updated; "
            + "update customer_money set gross_amount = 1.2e19; "
            + $"update orders set gross_amount = {long.MaxValue} where gross_amount = 1; update customer_money set gross_amount = 1.2e19");

        await database.ExecuteAsync(repair);

        var kept = await database.QueryAsync(
            "select m.gross_amount, typeof(m.gross_amount) from customer_money m join customers c on c.id = m.customer_id order by c.name");
        Assert.Equal([(5_000_000_000_000_000_001, "integer"), (long.MaxValue, "integer")], kept.Select(r => ((long)r[0]!, (string)r[1]!)));
        await Assert.ThrowsAsync<SqliteException>(() => database.ExecuteAsync("update customer_money set gross_amount = gross_amount + 5000000000000000000"));
    }

    private static OrderRecord Amount(Customer customer, long origin, decimal amount) => new()
    {
        Origin = origin, Key = new("shop", $"{origin}"), Customer = new(customer.Id), OrderedAt = new(new DateTime(2024, 5, 7, 12, 0, 0, DateTimeKind.Utc)),
        Amount = amount,
    };

    private static Order OrderOf(Customer customer, long gross) => new()
    {
        Id = Guid.CreateVersion7(), CustomerId = customer.Id, OrderedAt = new(2024, 5, 7, 12, 0, 0, DateTimeKind.Utc), Day = new(2024, 5, 7), Hour = 12,
        Currency = "EUR", GrossAmount = gross,
    };

    /// <summary>All numbers of an answer, in its order.</summary>
    private static List<decimal> Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => [.. element.EnumerateObject().SelectMany(p => Numbers(p.Value))],
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(Numbers)],
        JsonValueKind.Number => [element.GetDecimal()],
        _ => [],
    };
}
