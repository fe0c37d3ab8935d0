namespace CrmGraph.Dashboard;

/// <summary>A chart as the browser draws it: what is shown, not how it looks.</summary>
/// <param name="Kind"><c>columns</c>, <c>bars</c>, <c>lines</c>, <c>pie</c>, <c>radar</c>, <c>scatter</c>, <c>waterfall</c>, <c>stacked</c>, <c>heat</c> or <c>funnel</c>.</param>
/// <param name="Incomplete">The categories that are not over, which are hatched.</param>
public sealed record ChartSpec(
    string Kind, IReadOnlyList<string> Categories, IReadOnlyList<ChartSeries> Series, string? Currency, IReadOnlyList<int> Incomplete)
{
    /// <summary>Whether the categories follow each other in time: then not each needs its name.</summary>
    public bool IsInTime { get; init; }

    /// <summary>Whether there is nothing to draw.</summary>
    public bool IsEmpty => Series.All(s => s.Values.All(v => v is null));

    // By content: an update that changes no figure of this chart draws nothing anew.
    public bool Equals(ChartSpec? other) => other is not null && (Kind, IsInTime, Currency) == (other.Kind, other.IsInTime, other.Currency)
        && Categories.SequenceEqual(other.Categories) && Series.SequenceEqual(other.Series) && Incomplete.SequenceEqual(other.Incomplete);

    public override int GetHashCode() => HashCode.Combine(Kind, Currency, Categories.Count);
}

/// <summary>A mark of a chart that was chosen.</summary>
public readonly record struct ChartPick(int Category, int Series);

/// <param name="Form"><c>bar</c> or <c>line</c>, where a chart has both.</param>
/// <param name="Axis">0 for the left one, 1 for the right one.</param>
/// <param name="IsFaint">What is compared with.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<decimal?> Values, string Form = "bar", int Axis = 0, bool IsMoney = false, bool IsFaint = false)
{
    public bool Equals(ChartSeries? other) => other is not null && Name == other.Name && Form == other.Form && Axis == other.Axis && IsMoney == other.IsMoney
        && IsFaint == other.IsFaint && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Name, Form, Values.Count);
}
