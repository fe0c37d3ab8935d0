using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;

namespace CrmGraph.Reporting.Metrics.Planning;

/// <summary>A free attribute by which metrics are grouped.</summary>
/// <param name="Key">The name of the attribute, as `attributes { key }` of a customer, an order or a ticket tells it.</param>
/// <param name="Bands">
/// The borders of bands for its numbers, ascending, 1 to 20: `[18, 30]` makes under 18, 18 to under 30, 30 and over. If omitted, each value is a group.
/// </param>
public sealed record MetricAttributeInput(string Key, IReadOnlyList<decimal>? Bands = null);

/// <summary>A dimension by which a question groups, and where rows have its value.</summary>
/// <param name="Column">The column of <see cref="FactRow"/>; null for segments, which are no column.</param>
/// <param name="Attribute">Of dimensions of attributes, which.</param>
internal sealed record Grouping(MetricDimension Dimension, string? Column, AskedAttribute? Attribute = null)
{
    /// <summary>The value of a row.</summary>
    public Func<FactRow, object?>? Read { get; } = Column is null ? null : FactColumns.Of(Column);

    public bool IsBanded => Attribute is { Borders.Count: > 0 };

    /// <summary>Those of a question, in the order of its dimensions.</summary>
    public static IReadOnlyList<Grouping> Of(MetricQuery query)
    {
        var of = new Queue<string>[] { Columns(MetricDimension.Attribute), Columns(MetricDimension.OrderAttribute), Columns(MetricDimension.TicketAttribute) };
        return [.. query.GroupBy.Zip(AttributesOf(query), (dimension, attribute) => attribute is null
            ? new Grouping(dimension, Groups.Column(dimension))
            : Made(dimension, attribute, of[dimension switch { MetricDimension.OrderAttribute => 1, MetricDimension.TicketAttribute => 2, _ => 0 }]))];

        static Queue<string> Columns(MetricDimension dimension) => new(AskedAttribute.Columns(Groups.Column(dimension)!));

        static Grouping Made(MetricDimension dimension, MetricAttributeInput attribute, Queue<string> columns)
        {
            if (!columns.TryDequeue(out var column))
                throw Invalid($"A table groups by at most {AskedAttribute.Most} attributes of customers, of orders and of tickets each.");
            return new(dimension, column, new(column, attribute.Key, attribute.Bands ?? []));
        }
    }

    /// <summary>The attribute of each dimension of a question; null for dimensions that are of none.</summary>
    public static IReadOnlyList<MetricAttributeInput?> AttributesOf(MetricQuery query)
    {
        var listed = new Queue<MetricAttributeInput>(query.Attributes);
        return [.. query.GroupBy.Select(d => !d.IsOfAttribute() ? null : listed.TryDequeue(out var attribute) ? attribute : Named(query, d))];
    }

    private static MetricAttributeInput Named(MetricQuery query, MetricDimension dimension) => dimension switch
    {
        MetricDimension.OrderAttribute => new(query.OrderAttribute ?? query.Attribute ?? ""),
        MetricDimension.TicketAttribute => new(query.TicketAttribute ?? query.Attribute ?? ""),
        MetricDimension.AttributeBand => new(query.Attribute ?? "", query.AttributeBands),
        _ => new(query.Attribute ?? ""),
    };

    /// <summary>Refuses dimensions that are there twice, and attributes that are missing, of no dimension or of bands that are none.</summary>
    /// <exception cref="GraphQLException">METRIC_INVALID_ARGUMENT.</exception>
    public static void Check(MetricQuery query, CrmLimits limits)
    {
        List<MetricDimension> named = [.. query.GroupBy.Where(d => d.IsOfAttribute())];
        if (query.Attributes.Count > 0)
            CheckListed(query, named);
        else
            CheckNamed(query, named);
        foreach (var (dimension, attribute) in query.GroupBy.Zip(AttributesOf(query)))
            if (attribute is not null)
                CheckAttribute(dimension, attribute, query.Attributes.Count > 0, limits);
        var twice = query.GroupBy.Zip(AttributesOf(query)).CountBy(g => (g.First, g.Second?.Key, string.Join(' ', g.Second?.Bands ?? [])))
            .FirstOrDefault(g => g.Value > 1).Key;
        if (query.GroupBy.Count > 1 && twice.Item3 is not null)
            throw Invalid(twice.Key is null || query.Attributes.Count > 0
                ? $"The table is grouped by {MetricGroupings.Name(twice.First)}{(twice.Key is null ? "" : $" of \"{twice.Key}\"")} twice."
                : $"groupBy names {MetricGroupings.Name(twice.First)} twice: say in `attributes` which attribute each of them is of, such as "
                    + "attributes: [{key: \"plan\"}, {key: \"language\"}].");
    }

    private static void CheckListed(MetricQuery query, List<MetricDimension> named)
    {
        if (query is not { Attribute: null, OrderAttribute: null, TicketAttribute: null, AttributeBands.Count: 0 })
            throw Invalid("`attributes` says of each dimension which attribute it is of, with its bands; give it instead of `attribute`, `attributeBands`, "
                + "`orderAttribute` and `ticketAttribute`.");
        if (query.Attributes.Count != named.Count)
            throw Invalid("`attributes` has one for each ATTRIBUTE, ATTRIBUTE_BAND, ORDER_ATTRIBUTE and TICKET_ATTRIBUTE of the dimensions, in their order: "
                + $"{named.Count}, not {query.Attributes.Count}.");
    }

    private static void CheckNamed(MetricQuery query, List<MetricDimension> named)
    {
        var (ofOrder, ofTicket) = (named.Contains(MetricDimension.OrderAttribute), named.Contains(MetricDimension.TicketAttribute));
        if (query.OrderAttribute is not null && !ofOrder)
            throw Invalid("`orderAttribute` is for groupBy: ORDER_ATTRIBUTE.");
        if (query.TicketAttribute is not null && !ofTicket)
            throw Invalid("`ticketAttribute` is for groupBy: TICKET_ATTRIBUTE.");
        var isUsed = (ofOrder && query.OrderAttribute is null) || (ofTicket && query.TicketAttribute is null)
            || named.Exists(d => d is MetricDimension.Attribute or MetricDimension.AttributeBand);
        if (query.Attribute is not null && !isUsed)
            throw Invalid("`attribute` is for groupBy: ATTRIBUTE, ATTRIBUTE_BAND, and ORDER_ATTRIBUTE and TICKET_ATTRIBUTE without a name of their own; to "
                + "filter by attributes use where: {customer: {attributes: ...}}.");
        if (query.AttributeBands.Count > 0 && !named.Contains(MetricDimension.AttributeBand))
            throw Invalid("`attributeBands` is for groupBy: ATTRIBUTE_BAND.");
    }

    private static void CheckAttribute(MetricDimension dimension, MetricAttributeInput attribute, bool isListed, CrmLimits limits)
    {
        if (string.IsNullOrWhiteSpace(attribute.Key))
            throw Invalid($"{MetricGroupings.Name(dimension)} needs the name of an attribute, such as "
                + (isListed ? "attributes: [{key: \"plan\"}]." : "attribute: \"plan\"."));
        if (!FoldedText.IsStorable(attribute.Key))
            throw Invalid("The name of an attribute must not hold U+0000 or half of a surrogate pair.");
        if (dimension == MetricDimension.AttributeBand && attribute.Bands is not { Count: > 0 })
            throw Invalid(isListed
                ? "ATTRIBUTE_BAND needs the borders of the bands with its attribute, such as attributes: [{key: \"age\", bands: [18, 30, 50]}]."
                : "ATTRIBUTE_BAND needs the borders of the bands in `attributeBands`, such as attributeBands: [18, 30, 50], or with its attribute in "
                    + "`attributes`.");
        if (AttributeBand.Fault(attribute.Bands ?? [], limits.MetricBands, isListed ? "`bands` in `attributes`" : "`attributeBands`") is { } fault)
            throw Invalid(fault);
    }

    private static GraphQLException Invalid(string message) => new(MetricErrorCodes.InvalidArgument, message);
}
