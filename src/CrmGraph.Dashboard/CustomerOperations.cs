namespace CrmGraph.Dashboard;

/// <summary>The operations of the customers' pages, and their results.</summary>
internal static class CustomerOperations
{
    public const int PageSize = 25;

    public static readonly Operation<CustomersData> Customers = new("customers");
    public static readonly Operation<CustomerData> Customer = new("customer");
    public static readonly Operation<PredictionData> Prediction = new("customer-prediction");

    /// <summary>The orders in which the list can be read: key of the address, words, input of the graph.</summary>
    public static readonly IReadOnlyList<(string Key, string Words, object Input)> Orders =
    [
        ("name", "By name", new { name = "ASC" }),
        ("spent", "By money spent", new { moneySpent = "DESC" }),
        ("last", "By last purchase", new { lastPurchase = "DESC" }),
        ("new", "Newest first", new { createdAt = "DESC" }),
    ];
}

public sealed record Money(string Currency, decimal Amount);

/// <summary>Something that happened, as a line of a list.</summary>
public sealed record Event(string What, string? About, string When, string? State);

public sealed record Named(string Name);

public sealed record PageTurns(bool HasNextPage, bool HasPreviousPage, string? StartCursor, string? EndCursor);

public sealed record More(bool HasNextPage, string? EndCursor);

public sealed record CustomersData(CustomersList Customers);

public sealed record CustomersList(int TotalCount, PageTurns PageInfo, IReadOnlyList<CustomerRow> Nodes);

public sealed record CustomerRow(
    string Id, string Name, string Kind, string LifecycleStage, string? Country, string? City, Named? Owner, int OrderCount, DateOnly? LastPurchase,
    IReadOnlyList<Money> MoneySpent);

public sealed record CustomerData(CustomerNow? Customer, Listed<CustomerSegment> Segments, CustomerMetrics? Metrics);

public sealed record Listed<T>(IReadOnlyList<T> Nodes, int? TotalCount = null, More? PageInfo = null);

public sealed record CustomerSegment(string Id, string Key, string Name, IReadOnlyList<bool> HasMembers);

public sealed record CustomerNow(
    string Id, string Name, string Kind, string LifecycleStage, string? Email, string? Phone, string? Industry, string? Occupation, string? Country,
    string? Region, string? City, string? AcquisitionChannel, DateOnly Day, DateTime? ErasedAt, IReadOnlyList<string> Tags, IReadOnlyList<string> Interests,
    Named? Owner, int OrderCount, DateOnly? FirstPurchase, DateOnly? LastPurchase, IReadOnlyList<Money> MoneySpent, Listed<CustomerOrder> Orders,
    Listed<CustomerInteraction> Interactions, Listed<CustomerTicket> Tickets, Listed<CustomerOpportunity> Opportunities);

public sealed record CustomerOrder(
    string? Number, string Kind, DateOnly Day, string? Channel, string Currency, decimal GrossAmount, decimal ReturnedAmount, DateTime? CancelledAt);

public sealed record CustomerInteraction(string Kind, string? Channel, string? Subject, DateTime OccurredAt);

public sealed record CustomerTicket(string Kind, string? Priority, string? Subject, DateTime OpenedAt, DateTime? ResolvedAt, int? Csat);

public sealed record CustomerOpportunity(string Name, string Stage, string Status, decimal? Amount, string Currency, DateTime OpenedAt);

public sealed record CustomerMetrics(string Currency, CustomerTotals Totals, IReadOnlyList<CustomerMonth> BucketTotals);

public sealed record CustomerTotals(Reasoned Revenue, Reasoned Orders, Reasoned AverageOrderValue);

public sealed record CustomerMonth(Bucket Bucket, Plain Revenue, Plain Orders);

public sealed record PredictionData(PredictionModel? LifetimeValueModel);

public sealed record PredictionModel(string Currency, IReadOnlyList<CustomerPrediction> Predictions);

public sealed record CustomerPrediction(double ProbabilityAlive, double ExpectedOrders, decimal? Value);
