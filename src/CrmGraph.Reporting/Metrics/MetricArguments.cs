using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Sorting;

namespace CrmGraph.Reporting.Metrics;

/// <summary>Gives a field that returns a <see cref="MetricTable"/> the arguments of a metric query: one list for queries and subscriptions.</summary>
public sealed class UseMetricArgumentsAttribute : FieldAttribute
{
    public override int Order => 50;

    public override void Configure(FieldBuilder field, ITypeRegistry types)
    {
        field.Arguments.AddRange(MetricArguments.Definitions(types));
        field.Directives.Add(CostDirectives.ListSize(MetricPricing.Size));
        field.Directives.Add(CostDirectives.Cost(QueryCosts.Metric));
        field.Pricing = MetricPricing.Of;
        // A table is read by several statements; the field of a subscription gets it ready.
        if (field.Reads > 0)
            field.Reads = 2;
    }
}

/// <summary>Gives a field the arguments for dimensions of attributes.</summary>
internal sealed class UseAttributesAttribute : FieldAttribute
{
    public override int Order => 49;

    public override void Configure(FieldBuilder field, ITypeRegistry types) => field.Arguments.AddRange(MetricArguments.AttributesOf(types));
}

/// <summary>The arguments of a metric query, in the schema and as they come in.</summary>
public static class MetricArguments
{
    private const string Period = "period", Grain = "grain", GroupBy = "groupBy", Segments = "segments", Attribute = "attribute", Bands = "attributeBands",
        Attributes = "attributes",
        OrderAttribute = "orderAttribute", TicketAttribute = "ticketAttribute",
        CompareTo = "compareTo",
        Where = "where", Order = "order", First = "first", Subtotals = "subtotals", Currency = "currency";

    public static IEnumerable<InputValueDefinition> Definitions(ITypeRegistry types)
    {
        yield return new(Period, new NonNullType(types.Input(typeof(PeriodInput)))) { Description = "The days that count, in the reporting time zone." };
        yield return new(Grain, types.Input(typeof(TimeGrain)))
        {
            Description = "Splits the period into time buckets: one row per group and bucket, including empty ones.",
        };
        yield return new(GroupBy, ListOf(types.Input(typeof(MetricDimension)))) { Description = "Splits the facts into groups, by at most four dimensions." };
        yield return new(Segments, ListOf(types.Scalar("ID")))
        {
            Description = "The segments for `groupBy: SEGMENT`, 1 to 20. Groups may overlap; totals count each customer only once.",
            AppliedDirectives = QueryCosts.Weighs(QueryCosts.Segment),
            Tag = types.NodeIds,
        };
        foreach (var argument in AttributesOf(types))
            yield return argument;
        yield return new(CompareTo, types.Input(typeof(Comparison)))
        {
            Description = "Adds the previous value to every value: that of the same days earlier, matched by calendar and not by position. "
                + "An incomplete period is compared with the same number of elapsed days."
        };
        yield return new(Where, MetricWhere.Type(new FilterTypes(types)))
        {
            Description = "Which facts count. If omitted, all that the caller may see.",
            AppliedDirectives = QueryCosts.Weighs(QueryCosts.Filter)
        };
        yield return new(Order, ListOf(OrderInput(types)))
        {
            Description = "Sorts the groups by their total over the period, groups without a value last. If omitted, they are sorted by label."
        };
        yield return new(First, types.Scalar("Int"))
        {
            Description = "The number of groups to show, each with all its time buckets. The others are combined into one group, so that totals are right. "
                + "With `groupBy: SEGMENT`, the others are the customers in none of the segments shown; with further dimensions there are no others."
        };
        yield return new(Subtotals, types.Scalar("Boolean"))
        {
            Description = "Whether rows of subtotals follow the groups: for each number of the first dimensions, down to the total. Not together with `first`.",
        };
        yield return new(Currency, types.Scalar("String"))
        {
            Description = "The ISO 4217 code of the currency of all money. If omitted, the reporting currency, or the only currency there is if that has no "
                + "rate. Exchange rates are those of the day of the transaction, or the last ones known before it."
        };
    }

    internal static IEnumerable<InputValueDefinition> AttributesOf(ITypeRegistry types) =>
    [
        new(Attributes, ListOf(types.Input(typeof(MetricAttributeInput))))
        {
            Description = "The attributes of the dimensions `ATTRIBUTE`, `ATTRIBUTE_BAND`, `ORDER_ATTRIBUTE` and `TICKET_ATTRIBUTE`, one for each, in the "
                + "order of the dimensions. Each of these may be named several times: `[ATTRIBUTE, ATTRIBUTE]` with `[{key: \"plan\"}, {key: \"size\"}]`. "
                + "One attribute alone can be named by the arguments below instead.",
        },
        new(Attribute, types.Scalar("String"))
        {
            Description = "The name of the attribute for `ATTRIBUTE` and `ATTRIBUTE_BAND`, as `attributes { key }` of a customer tells it; also for "
                + "`ORDER_ATTRIBUTE` and `TICKET_ATTRIBUTE` where no other is named.",
        },
        new(Bands, ListOf(types.Scalar("Decimal")))
        {
            Description = "The borders of the bands for `ATTRIBUTE_BAND`, ascending, 1 to 20: `[18, 30]` makes under 18, 18 to under 30, 30 and over.",
        },
        new(OrderAttribute, types.Scalar("String"))
        {
            Description = "The name of the attribute for `ORDER_ATTRIBUTE`, as `attributes { key }` of an order tells it. If omitted, that of `attribute`.",
        },
        new(TicketAttribute, types.Scalar("String"))
        {
            Description = "The name of the attribute for `TICKET_ATTRIBUTE`, as `attributes { key }` of a ticket tells it. If omitted, that of `attribute`.",
        },
    ];

    /// <summary>The query with what a field's arguments say of attributes.</summary>
    internal static MetricQuery WithAttributes(this MetricQuery query, ResolverContext context) => query with
    {
        Attributes = [.. Items(context.Arguments, Attributes).Cast<MetricAttributeInput>()],
        Attribute = context.Argument<string>(Attribute),
        OrderAttribute = context.Argument<string>(OrderAttribute),
        TicketAttribute = context.Argument<string>(TicketAttribute),
        AttributeBands = BandsIn(context),
    };

    private static IReadOnlyList<decimal> BandsIn(ResolverContext context) => [.. Items(context.Arguments, Bands).Cast<decimal>()];

    /// <summary>The query that a field's arguments ask.</summary>
    /// <exception cref="GraphQL.Errors.GraphQLException">A segment's id is no id of a segment, or an argument of a value makes no sense.</exception>
    public static MetricQuery Read(ResolverContext context)
    {
        TimeGrain? byTime = context.TryGetArgument<TimeGrain>(Grain, out var grain) ? grain : null;
        Check(context.Selections, byTime);
        var ids = (NodeIds)context.Field.Argument(Segments)!.Tag!;
        var query = new MetricQuery
        {
            Period = context.Argument<PeriodInput>(Period)!,
            Grain = byTime,
            GroupBy = [.. Items(context.Arguments, GroupBy).Cast<MetricDimension>()],
            Segments = [.. Items(context.Arguments, Segments).Select(id => ids.Parse<Guid>((string)id!, nameof(Segment)))],
            CompareTo = context.TryGetArgument<Comparison>(CompareTo, out var comparison) ? comparison : null,
            Where = context.Argument<InputObject>(Where),
            Order = [.. Items(context.Arguments, Order).Cast<InputObject>().Select(Ordering)],
            First = context.TryGetArgument<int>(First, out var first) ? first : null,
            Subtotals = context.TryGetArgument<bool>(Subtotals, out var subtotals) && subtotals,
            Currency = context.Argument<string>(Currency),
        }.WithAttributes(context);
        CheckDoors(context.Selections, query);
        return query;
    }

    /// <exception cref="GraphQLException">METRIC_INVALID_ARGUMENT: a field of rows names an attribute by which the table is not grouped.</exception>
    private static void CheckDoors(IReadOnlyList<SelectedField> selections, MetricQuery query)
    {
        List<string?> known = [.. Grouping.AttributesOf(query).Select(a => a?.Key)];
        foreach (var door in selections.SelectMany(rows => rows.Selections).Where(f => f.On.Name == nameof(MetricRow)))
            if (MetricRowFields.OfAttributes.TryGetValue(door.Name, out var dimension) && door.Arguments.GetValueOrDefault("key") is string key
                && !query.GroupBy.Zip(known).Contains((dimension, key)))
                throw new GraphQLException(
                    MetricErrorCodes.InvalidArgument,
                    $"The table is not grouped by {MetricGroupings.Name(dimension)} of \"{key}\", which `{door.Name}` asks for.");
    }

    /// <summary>What of the arguments decides how large the table may become.</summary>
    internal static MetricArgumentValues Read(IReadOnlyDictionary<string, object?> arguments) => new(
        (PeriodInput)arguments[Period]!,
        arguments.GetValueOrDefault(Grain) as TimeGrain?,
        [.. Items(arguments, GroupBy).Cast<MetricDimension>()],
        Items(arguments, Segments).Count(),
        arguments.GetValueOrDefault(CompareTo) as Comparison?,
        arguments.GetValueOrDefault(First) as int?,
        arguments.GetValueOrDefault(Subtotals) is true);

    /// <summary>What is selected below the field: the metrics wherever they are asked for, and which lists of rows.</summary>
    public static MetricSelection Selection(IReadOnlyList<SelectedField> selections)
    {
        var metrics = new List<MetricDefinition>();
        foreach (var rows in selections)
        {
            if (rows.Name is MetricCharts.Series or MetricCharts.Pivot)
                metrics.AddRange(MetricFields.Named(rows.Arguments));
            foreach (var field in rows.Selections)
                metrics.AddRange(Metrics(field));
        }

        var places = OfValues(selections).Any(f => MetricValueFields.OfPlaces.Contains(f.Name));
        return new(
            [.. metrics.DistinctBy(m => m.Asked)], Has("rows") || Has(MetricCharts.Series) || Has(MetricCharts.Pivot), Has("groupTotals"), Has("bucketTotals"),
            Has("totals"), Has("groupCount"), places);

        bool Has(string name) => selections.Any(s => s.Name == name);
    }

    /// <exception cref="GraphQL.Errors.GraphQLException">METRIC_INVALID_ARGUMENT.</exception>
    private static void Check(IReadOnlyList<SelectedField> selections, TimeGrain? grain)
    {
        foreach (var field in selections.SelectMany(rows => rows.Selections).Where(f => f.On.Name == nameof(MetricRow)))
            MetricCatalog.Find(field.Name)?.Check(field.Arguments);
        MetricValueFields.Check(OfValues(selections), grain);
    }

    private static IEnumerable<SelectedField> OfValues(IReadOnlyList<SelectedField> selections) =>
        selections.SelectMany(rows => rows.Selections).SelectMany(values => values.Selections);

    private static IEnumerable<MetricDefinition> Metrics(SelectedField field)
    {
        if (field.On.Name != nameof(MetricRow))
            return [];
        if (field.Name == MetricFields.Values)
            return MetricFields.Named(field.Arguments);
        if (field.Name == MetricFields.Custom)
            return [MetricFields.CustomOf(field.Arguments)];
        return MetricCatalog.Find(field.Name) is { } metric ? [metric.With(field.Arguments, MetricWhere.Canonical)] : [];
    }

    private static MetricOrder Ordering(InputObject order)
    {
        var (metric, direction) = order.Fields.First(f => f.Value is not null);
        if (direction is InputObject custom)
            return new(AskedMetric.Unresolved((string)custom.Fields["key"]!), (SortDirection)custom.Fields["direction"]! == SortDirection.Desc);
        return new(MetricCatalog.Require(metric), (SortDirection)direction! == SortDirection.Desc);
    }

    private static InputObjectType OrderInput(ITypeRegistry types) => types.GetOrAdd("MetricOrderInput", () => new InputObjectType("MetricOrderInput", () =>
        [
            .. MetricCatalog.All.Select(m => new InputValueDefinition(m.Key, types.Input(typeof(SortDirection)))
            {
                DeprecationReason = m.Deprecation,
                Description = $"By {m.English}.",
            }),
            new InputValueDefinition(MetricFields.Custom, CustomOrderInput(types)) { Description = "By a metric that the company defined itself." },
        ])
    {
        Description = "Sorts groups by one metric. Exactly one field must be set.",
        IsOneOf = true,
    });

    private static InputObjectType CustomOrderInput(ITypeRegistry types) => types.GetOrAdd("CustomMetricOrderInput", () => new InputObjectType(
        "CustomMetricOrderInput",
        () =>
        [
            new InputValueDefinition("key", new NonNullType(types.Scalar("String"))) { Description = "The key of the metric." },
            new InputValueDefinition("direction", new NonNullType(types.Input(typeof(SortDirection)))) { Description = "Which groups come first." },
        ])
    {
        Description = "Sorts groups by a metric that the company defined itself.",
    });

    private static ListType ListOf(GraphQLType type) => new(new NonNullType(type));

    private static IEnumerable<object?> Items(IReadOnlyDictionary<string, object?> arguments, string name) =>
        arguments.TryGetValue(name, out var value) && value is System.Collections.IEnumerable list and not string ? list.Cast<object?>() : [];
}
