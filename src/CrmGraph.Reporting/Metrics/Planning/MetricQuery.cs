using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>A metric by whose total over the period groups are ordered.</summary>
public sealed record MetricOrder(MetricDefinition Metric, bool Descending);

/// <summary>The arguments of a metric table, in canonical form. Two queries with the same <see cref="Id"/> are the same question.</summary>
public sealed record MetricQuery
{
    public required PeriodInput Period { get; init; }
    public TimeGrain? Grain { get; init; }
    public IReadOnlyList<MetricDimension> GroupBy { get; init; } = [];
    /// <summary>For <see cref="MetricDimension.Segment"/>.</summary>
    public IReadOnlyList<Guid> Segments { get; init; } = [];
    /// <summary>The attribute of each dimension of attributes, in their order; none where the ones below say it.</summary>
    public IReadOnlyList<MetricAttributeInput> Attributes { get; init; } = [];
    /// <summary>The key for dimensions of an attribute: of customers, and of orders and tickets where these have none of their own.</summary>
    public string? Attribute { get; init; }
    public string? OrderAttribute { get; init; }
    public string? TicketAttribute { get; init; }
    /// <summary>The borders for <see cref="MetricDimension.AttributeBand"/>, ascending.</summary>
    public IReadOnlyList<decimal> AttributeBands { get; init; } = [];
    public Comparison? CompareTo { get; init; }
    public InputObject? Where { get; init; }
    /// <summary>The conditions of some of the metrics, beside that of the table.</summary>
    public IReadOnlyList<InputObject> MetricConditions { get; init; } = [];
    public IReadOnlyList<MetricOrder> Order { get; init; } = [];
    /// <summary>Groups shown; the others are folded into one.</summary>
    public int? First { get; init; }
    /// <summary>Beside the groups their sums, by each number of the first dimensions.</summary>
    public bool Subtotals { get; init; }
    /// <summary>ISO 4217; null for the reporting currency, or the only one there is.</summary>
    public string? Currency { get; init; }

    /// <summary>The arguments as one line of text, the same for the same question.</summary>
    public string Canonical()
    {
        var text = new StringBuilder();
        text.Append(Period switch
        {
            { Last: { } last } => $"last:{last.Count}:{last.Unit}:{(last.Complete ? "complete" : "running")}",
            { ToDate: { } unit } => $"toDate:{unit}",
            { Range: { } range } => string.Create(CultureInfo.InvariantCulture, $"range:{range.From:yyyy-MM-dd}:{range.Until:yyyy-MM-dd}"),
            _ => "",
        });
        text.Append("|grain:").Append(Grain);
        text.Append("|by:").AppendJoin(',', GroupBy);
        text.Append("|segments:").AppendJoin(',', Segments.Select(s => s.ToString("N")));
        text.Append("|compare:").Append(CompareTo);
        text.Append("|order:").AppendJoin(',', Order.Select(o => (o.Descending ? "-" : "+") + o.Metric.Asked));
        text.Append("|first:").Append(First?.ToString(CultureInfo.InvariantCulture));
        text.Append("|currency:").Append(Currency);
        text.Append("|where:").Append(Where is { } where ? MetricWhere.Canonical(where) : "");
        foreach (var attribute in Attributes)
            text.Append(CultureInfo.InvariantCulture, $"|of attribute:{attribute.Key.Length}:{attribute.Key}:")
                .AppendJoin(',', (attribute.Bands ?? []).Select(AttributeBand.Text));
        foreach (var (name, key) in new[] { ("attribute", Attribute), ("order attribute", OrderAttribute), ("ticket attribute", TicketAttribute) })
            if (key is not null)
                text.Append(CultureInfo.InvariantCulture, $"|{name}:{key.Length}:{key}");
        if (AttributeBands.Count > 0)
            text.Append("|bands:").AppendJoin(',', AttributeBands.Select(AttributeBand.Text));
        if (Subtotals)
            text.Append("|subtotals");
        if (MetricConditions.Count > 0)
            text.Append("|of metrics:").Append(MetricWhere.Canonical(MetricConditions));
        return text.ToString();
    }

    /// <summary>A hash of <see cref="Canonical"/>: the id of the table, the same in a query and in a subscription.</summary>
    public string Id()
        => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical())).AsSpan(0, 16)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}

/// <summary>What of a table is wanted: nothing else is computed.</summary>
/// <param name="Metrics">Without repetition.</param>
/// <param name="Places">Where values stand among others: shares, ranks, cumulative and moving values.</param>
public sealed record MetricSelection(
    IReadOnlyList<MetricDefinition> Metrics,
    bool Rows = true,
    bool GroupTotals = true,
    bool BucketTotals = true,
    bool Totals = true,
    bool GroupCount = true,
    bool Places = true)
{
    /// <param name="keys">Those of the company's own metrics included.</param>
    public static MetricSelection Of(params IEnumerable<string> keys) => new([.. keys.Distinct(StringComparer.Ordinal).Select(MetricCatalog.Named)]);
}
