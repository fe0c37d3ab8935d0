using System.Text.Json;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;

namespace CrmGraph.Reporting.Tests.Analyses;

/// <summary>A random company on one database, asked through the graph; oracles are LINQ over its objects.</summary>
internal sealed class AnalysisBench : IAsyncDisposable
{
    private AnalysisBench(TestDatabase database, SampleCrm crm, CrmLimits? limits)
    {
        (Database, Crm) = (database, crm);
        Client = new(database, limits);
        var owners = crm.Members.Take(3).Select(m => m.Id).Order().ToList();
        Representative = new("representative", Role.Representative, owners[0], owners);
    }

    public TestDatabase Database { get; }
    public SampleCrm Crm { get; }
    public GraphQLClient Client { get; }
    /// <summary>Sees the customers of three members.</summary>
    public Caller Representative { get; }

    public static async Task<AnalysisBench> CreateAsync(DatabaseKind kind, int seed = 5, SampleSizes? sizes = null, CrmLimits? limits = null)
    {
        var database = await TestDatabase.CreateAsync(kind);
        return new(database, await SampleCrm.CreateAsync(database, seed, sizes ?? new() { Customers = 160, Orders = 900 }), limits);
    }

    /// <summary>The only field of the answer.</summary>
    public async Task<JsonElement> AskAsync(string query, Caller? caller = null) =>
        (await Client.DataAsync(query, caller: caller)).EnumerateObject().Single().Value;

    /// <summary>The customers that a caller sees, guests never.</summary>
    public IEnumerable<Customer> Customers(Caller? caller = null) =>
        Crm.Customers.Where(c => !c.IsGuest && (caller?.Owners is not { } owners || (c.OwnerId is { } o && owners.Contains(o))));

    public static IEnumerable<Order> OrdersOf(Customer customer) => customer.Orders.Where(o => o.CancelledAt == null);

    public static IEnumerable<Order> SalesOf(Customer customer) => OrdersOf(customer).Where(o => o.Kind == OrderKind.Sale);

    /// <summary>In the reporting currency, by the last rate known on the day.</summary>
    public decimal Worth(Order order) => Worth(order.GrossAmount - order.ReturnedAmount, order.Currency, order.Day);

    public decimal Worth(long amount, string currency, DateOnly day) => FixedPoint.ToDecimal(amount) * (currency == Crm.Settings.Currency
        ? 1
        : FixedPoint.ToDecimal(Crm.ExchangeRates.Where(r => r.Currency == currency && r.Day <= day).MaxBy(r => r.Day)!.Rate, 8));

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Database.DisposeAsync();
    }
}

internal static class Answers
{
    public static decimal? Number(this JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetDecimal() : null;

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static IEnumerable<JsonElement> List(this JsonElement element, string name) => element.GetProperty(name).EnumerateArray();

    /// <summary>With six digits after the point: what arithmetic leaves beyond is noise.</summary>
    public static decimal Six(this decimal value) => Math.Round(value, 6);

    public static decimal? Six(this decimal? value) => value is { } v ? Math.Round(v, 6) : null;
}
