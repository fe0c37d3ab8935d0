namespace CrmGraph.Dashboard;

/// <summary>The operations that ask what is behind a number, and their results.</summary>
internal static class BehindOperations
{
    public static readonly Operation<BehindRows> Rows = new("behind-rows");
    public static readonly Operation<BehindChange> Change = new("behind-change");
    public static readonly Operation<Table<BehindBuckets>> Buckets = new("behind-bucket");
}

public sealed record BehindRows(FactPage? Facts);

public sealed record FactPage(
    decimal? Value, string? Reason, bool AddsUp, string? Currency, int TotalCount, Days Period, IReadOnlyList<FactRow> Nodes, More PageInfo);

public sealed record FactRow(
    string Type, DateOnly? Day, decimal? Value, SegmentName? Customer, FactOrder? Order, FactTicket? Ticket, FactOpportunity? Opportunity)
{
    /// <summary>By what people tell it from others of its type.</summary>
    public string? Name => Order?.Number ?? Ticket?.Subject ?? Opportunity?.Name;
}

public sealed record FactOrder(string? Number);

public sealed record FactTicket(string? Subject);

public sealed record FactOpportunity(string Name);

public sealed record BehindChange(ChangeNow? Explain);

public sealed record ChangeNow(Days Comparison, string? Currency, decimal Value, decimal Previous, decimal Change, IReadOnlyList<ChangeBy> Dimensions);

public sealed record ChangeBy(IReadOnlyList<ChangePart> Contributions);

public sealed record ChangePart(string Kind, ChoiceKey? Member, decimal? Value, decimal? Previous, decimal Contribution);

public sealed record BehindBuckets(Days Period, IReadOnlyList<BehindBucket> BucketTotals);

public sealed record BehindBucket(BucketDays Bucket);

public sealed record BucketDays(string Label, DateOnly Start, DateOnly Through);
