namespace CrmGraph.Dashboard;

/// <summary>The operation of the metric builder, and its result.</summary>
internal static class BuilderOperations
{
    public static readonly Operation<Table<ChosenTable>> Chosen = new("metric-builder");
}

public sealed record ChosenTable(DateTime AsOf, string Currency, int GroupCount, ChosenTotals Totals, IReadOnlyList<ChosenRow> Rows);

public sealed record ChosenTotals(IReadOnlyList<ChosenValue> Values);

public sealed record ChosenRow(ChosenBucket? Bucket, IReadOnlyList<GroupMember> Dimensions, IReadOnlyList<ChosenValue> Values);

public sealed record GroupMember(string Dimension, string? Attribute, string? Key, string Label, string Kind);

public sealed record ChosenBucket(string Label, bool Incomplete);

public sealed record ChosenValue(
    ChosenMetric Metric, decimal? Value, string? Reason, decimal? Previous, decimal? Change, decimal? ChangeRatio, bool? Favourable)
{
    public Figure Figure => new(Value, Reason, Previous, ChangeRatio, Change, Favourable);
}

public sealed record ChosenMetric(string Key);
