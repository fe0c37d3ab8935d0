using System.Collections;
using System.Collections.Frozen;
using System.Globalization;
using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Assembling;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Lookups;

namespace CrmGraph.Reporting.Metrics;

/// <summary>The fields of a row that follow from the metric definitions: one per metric, and <c>values</c> for metrics chosen at run time.</summary>
public static class MetricFields
{
    internal const string Values = "values", Custom = "custom";
    private const string MetricsArgument = "metrics", KeyArgument = "key";

    public static IEnumerable<FieldDefinition> Of(ITypeRegistry types)
    {
        foreach (var metric in MetricCatalog.All)
            yield return new FieldDefinition(metric.Key, new NonNullType(types.Output(ValueType(metric.Kind))))
            {
                Description = $"{metric.English} ({metric.Chinese}). {metric.Formula}",
                DeprecationReason = metric.Deprecation,
                Arguments = [.. metric.Parameters.Select(p => Argument(p, types)), Where(types)],
                // What a condition costs is charged of the table: it is looked at there, and not for each row.
                ArgumentShare = 0,
                Resolver = context =>
                {
                    var asked = metric.With(context.Arguments, MetricWhere.Canonical).Asked;
                    return new(Each(context, row => row.Values.GetValueOrDefault(asked)));
                },
            };
        yield return new FieldDefinition(Custom, new NonNullType(types.Output(typeof(MetricValue))))
        {
            Description = "The value of a metric that the company defined itself.",
            Arguments =
            [
                new InputValueDefinition(KeyArgument, new NonNullType(types.Scalar("String")))
                {
                    Description = "The key of the metric, as in `metricCatalog`.",
                },
                Where(types),
            ],
            ArgumentShare = 0,
            Resolver = context =>
            {
                var asked = CustomOf(context.Arguments).Asked;
                return new(Each(context, row => row.Values.GetValueOrDefault(asked)));
            },
        };
        var names = new NonNullType(new ListType(new NonNullType(types.Scalar("String"))));
        yield return new FieldDefinition(Values, new NonNullType(new ListType(new NonNullType(types.Output(typeof(MetricValue))))))
        {
            Description = "The values of metrics chosen at run time, in the order of their keys.",
            Arguments = [new InputValueDefinition(MetricsArgument, names) { Description = "The keys of the metrics, as in `metricCatalog`." }],
            AppliedDirectives = [CostDirectives.ListSize(new(MetricCatalog.All.Count, [MetricsArgument], null, [], RequireOne: false))],
            Resolver = context =>
            {
                var metrics = Named(context.Arguments);
                return new(Each(context, row => metrics.ConvertAll(m => row.Values[m.Asked])));
            },
        };
    }

    private static InputValueDefinition Argument(MetricParameter parameter, ITypeRegistry types) => parameter.Usual switch
    {
        int number => new(parameter.Name, new NonNullType(types.Scalar("Int")))
        {
            Description = parameter.Description,
            DefaultValue = new IntValueNode(number.ToString(CultureInfo.InvariantCulture)),
        },
        bool flag => new(parameter.Name, new NonNullType(types.Scalar("Boolean")))
        {
            Description = parameter.Description,
            DefaultValue = new BooleanValueNode(flag),
        },
        var choice => new(parameter.Name, new NonNullType(types.Input(choice.GetType())))
        {
            Description = parameter.Description,
            DefaultValue = new EnumValueNode(MetricParameter.Text(choice)),
        },
    };

    private static InputValueDefinition Where(ITypeRegistry types) => new(AskedMetric.Where, MetricWhere.Type(new FilterTypes(types)))
    {
        Description = "Which of the table's facts count for this value.",
        AppliedDirectives = QueryCosts.Weighs(QueryCosts.Filter),
    };

    internal static List<MetricDefinition> Named(IReadOnlyDictionary<string, object?> arguments) =>
        [.. ((IEnumerable)arguments[MetricsArgument]!).Cast<string>().Select(MetricCatalog.Named)];

    internal static MetricDefinition CustomOf(IReadOnlyDictionary<string, object?> arguments) =>
        AskedMetric.Unresolved((string)arguments[KeyArgument]!).With(arguments, MetricWhere.Canonical);

    private static object?[] Each(ResolverContext context, Func<MetricRow, object?> value)
    {
        var values = new object?[context.Parents.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value((MetricRow)context.Parents[i]!);
        return values;
    }

    private static Type ValueType(MetricKind kind) => kind switch
    {
        MetricKind.Money => typeof(MoneyMetric),
        MetricKind.Count => typeof(CountMetric),
        MetricKind.Ratio => typeof(RatioMetric),
        MetricKind.Score => typeof(ScoreMetric),
        _ => typeof(RateMetric),
    };
}

/// <summary>Typed doors to the values of a row's dimensions; null where the table is not grouped by them, the value is unknown, or the row is of the others.</summary>
[ObjectType<MetricRow>]
public static class MetricRowFields
{
    /// <summary>The fields that may name an attribute.</summary>
    internal static FrozenDictionary<string, MetricDimension> OfAttributes { get; } = new Dictionary<string, MetricDimension>
    {
        ["attribute"] = MetricDimension.Attribute,
        ["attributeBand"] = MetricDimension.AttributeBand,
        ["orderAttribute"] = MetricDimension.OrderAttribute,
        ["ticketAttribute"] = MetricDimension.TicketAttribute,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The region of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetRegion([Parent] MetricRow row) => row.Dimension(MetricDimension.Region)?.Key;

    /// <summary>The country of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetCountry([Parent] MetricRow row) => row.Dimension(MetricDimension.Country)?.Key;

    /// <summary>The city of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetCity([Parent] MetricRow row) => row.Dimension(MetricDimension.City)?.Key;

    /// <summary>The channel of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetChannel([Parent] MetricRow row) => row.Dimension(MetricDimension.Channel)?.Key;

    /// <summary>The product category of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetProductCategory([Parent] MetricRow row) => row.Dimension(MetricDimension.ProductCategory)?.Key;

    /// <summary>The industry of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetIndustry([Parent] MetricRow row) => row.Dimension(MetricDimension.Industry)?.Key;

    /// <summary>The age band of the group, such as 25-34; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetAgeBand([Parent] MetricRow row) => row.Dimension(MetricDimension.AgeBand)?.Key;

    /// <summary>The acquisition channel of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetAcquisitionChannel([Parent] MetricRow row) => row.Dimension(MetricDimension.AcquisitionChannel)?.Key;

    /// <summary>The shipping country of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetShippingCountry([Parent] MetricRow row) => row.Dimension(MetricDimension.ShippingCountry)?.Key;

    /// <summary>The shipping region of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetShippingRegion([Parent] MetricRow row) => row.Dimension(MetricDimension.ShippingRegion)?.Key;

    /// <summary>The shipping city of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetShippingCity([Parent] MetricRow row) => row.Dimension(MetricDimension.ShippingCity)?.Key;

    /// <summary>The method of payment of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetPaymentMethod([Parent] MetricRow row) => row.Dimension(MetricDimension.PaymentMethod)?.Key;

    /// <summary>The orders' value of an attribute, or its band; null if the table is not grouped by one, and for unknown values and others.</summary>
    /// <param name="row">The row.</param>
    /// <param name="key">Which of the attributes of orders by which the table is grouped; the first if omitted.</param>
    public static string? GetOrderAttribute([Parent] MetricRow row, string? key = null) => row.Dimension(MetricDimension.OrderAttribute, key)?.Key;

    /// <summary>The tickets' value of an attribute, or its band; null if the table is not grouped by one, and for unknown values and others.</summary>
    /// <param name="row">The row.</param>
    /// <param name="key">Which of the attributes of tickets by which the table is grouped; the first if omitted.</param>
    public static string? GetTicketAttribute([Parent] MetricRow row, string? key = null) => row.Dimension(MetricDimension.TicketAttribute, key)?.Key;

    /// <summary>The ticket priority of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static TicketPriority? GetTicketPriority([Parent] MetricRow row) => row.Dimension(MetricDimension.TicketPriority)?.Raw as TicketPriority?;

    /// <summary>The gender of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static Gender? GetGender([Parent] MetricRow row) => row.Dimension(MetricDimension.Gender)?.Raw as Gender?;

    /// <summary>The lifecycle stage of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static LifecycleStage? GetLifecycleStage([Parent] MetricRow row) => row.Dimension(MetricDimension.LifecycleStage)?.Raw as LifecycleStage?;

    /// <summary>Whether the group is of persons or companies; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static CustomerKind? GetCustomerKind([Parent] MetricRow row) => row.Dimension(MetricDimension.CustomerKind)?.Raw as CustomerKind?;

    /// <summary>The weekday of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static DayOfWeek? GetWeekday([Parent] MetricRow row) => row.Dimension(MetricDimension.Weekday)?.Raw as DayOfWeek?;

    /// <summary>The hour of the group, 0 to 23; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static int? GetHourOfDay([Parent] MetricRow row) => row.Dimension(MetricDimension.HourOfDay)?.Raw as int?;

    /// <summary>The month of the group, 1 to 12; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static int? GetMonthOfYear([Parent] MetricRow row) => row.Dimension(MetricDimension.MonthOfYear)?.Raw as int?;

    /// <summary>Whether the group is of first orders; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static NewOrReturning? GetNewOrReturning([Parent] MetricRow row) => row.Dimension(MetricDimension.NewOrReturning)?.Raw as NewOrReturning?;

    /// <summary>The kind of tickets of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static TicketKind? GetTicketKind([Parent] MetricRow row) => row.Dimension(MetricDimension.TicketKind)?.Raw as TicketKind?;

    /// <summary>The RFM group of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static RfmGroup? GetRfmGroup([Parent] MetricRow row) => row.Dimension(MetricDimension.RfmGroup)?.Raw as RfmGroup?;

    /// <summary>The value class of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static AbcClass? GetValueClass([Parent] MetricRow row) => row.Dimension(MetricDimension.ValueClass)?.Raw as AbcClass?;

    /// <summary>The number of the natural group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static int? GetCluster([Parent] MetricRow row) => row.Dimension(MetricDimension.Cluster)?.Raw as int?;

    /// <summary>
    /// The quarter of the probability to buy again, in percent, such as `75-100`; null if the table is not grouped by it, and for unknown values and others.
    /// </summary>
    public static string? GetProbabilityAlive([Parent] MetricRow row) => row.Dimension(MetricDimension.ProbabilityAlive)?.Key;

    /// <summary>
    /// The customers' value of an attribute, or its band; null if the table is not grouped by one, and for customers without it and others.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="key">Which of the attributes of customers by which the table is grouped; the first if omitted.</param>
    public static string? GetAttribute([Parent] MetricRow row, string? key = null) => row.Dimension(MetricDimension.Attribute, key)?.Key;

    /// <summary>
    /// The band of the group, such as `18..30` for 18 to under 30, `..18` and `50..`; null if the table is not grouped by bands, and for customers without a number
    /// and others.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="key">Which of the attributes whose bands the table is grouped by; the first if omitted.</param>
    public static string? GetAttributeBand([Parent] MetricRow row, string? key = null) => row.Dimension(MetricDimension.AttributeBand, key)?.Key;

    /// <summary>The topic of tickets of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetTicketTopic([Parent] MetricRow row) => row.Dimension(MetricDimension.TicketTopic)?.Key;

    /// <summary>The question of survey responses of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetSurveyQuestion([Parent] MetricRow row) => row.Dimension(MetricDimension.SurveyQuestion)?.Key;

    /// <summary>The occupation of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetOccupation([Parent] MetricRow row) => row.Dimension(MetricDimension.Occupation)?.Key;

    /// <summary>The tag of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetTag([Parent] MetricRow row) => row.Dimension(MetricDimension.Tag)?.Key;

    /// <summary>The interest of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetInterest([Parent] MetricRow row) => row.Dimension(MetricDimension.Interest)?.Key;

    /// <summary>The stage of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetStage([Parent] MetricRow row) => row.Dimension(MetricDimension.Stage)?.Key;

    /// <summary>The reason for which opportunities of the group were lost; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetLossReason([Parent] MetricRow row) => row.Dimension(MetricDimension.LossReason)?.Key;

    /// <summary>The currency of the facts of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetCurrency([Parent] MetricRow row) => row.Dimension(MetricDimension.Currency)?.Key;

    /// <summary>The month of the first purchase of the group, such as `2026-03`; null if the table is not grouped by it, and for unknown values and others.</summary>
    public static string? GetCohort([Parent] MetricRow row) => row.Dimension(MetricDimension.Cohort)?.Key;

    /// <summary>The customer of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent] IReadOnlyList<MetricRow> rows, ResolverContext context) =>
        OneAsync(rows, MetricDimension.Customer, Rows.Of(context).Customers, c => c.Id, context);

    /// <summary>The product of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Product?>> GetProductAsync([Parent] IReadOnlyList<MetricRow> rows, ResolverContext context) =>
        OneAsync(rows, MetricDimension.Product, Rows.Of(context).Products, p => p.Id, context);

    /// <summary>The sales team of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<SalesTeam?>> GetSalesTeamAsync([Parent] IReadOnlyList<MetricRow> rows, ResolverContext context) =>
        OneAsync(rows, MetricDimension.SalesTeam, Rows.Of(context).SalesTeams, t => t.Id, context);

    /// <summary>The campaign of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Campaign?>> GetCampaignAsync([Parent] IReadOnlyList<MetricRow> rows, ResolverContext context) =>
        OneAsync(rows, MetricDimension.Campaign, Rows.Of(context).Campaigns, c => c.Id, context);

    /// <summary>The agent of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<TeamMember?>> GetAgentAsync([Parent] IReadOnlyList<MetricRow> rows, ResolverContext context) =>
        OneAsync(rows, MetricDimension.Agent, Rows.Of(context).TeamMembers, m => m.Id, context);

    /// <summary>The owner of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<TeamMember?>> GetOwnerAsync([Parent] IReadOnlyList<MetricRow> rows, ResolverContext context) =>
        OneAsync(rows, MetricDimension.Owner, Rows.Of(context).TeamMembers, m => m.Id, context);

    /// <summary>The segment of the group; null if the table is not grouped by it, and for unknown values and others.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Segment?>> GetSegmentAsync([Parent] IReadOnlyList<MetricRow> rows, ResolverContext context) =>
        OneAsync(rows, MetricDimension.Segment, Rows.Of(context).Segments, s => s.Id, context);

    private static Task<IReadOnlyList<T?>> OneAsync<T>(
        IReadOnlyList<MetricRow> rows, MetricDimension dimension, IQueryable<T> all, Expression<Func<T, Guid>> key, ResolverContext context) where T : class =>
        BatchLookup.OneAsync(rows, r => r.Dimension(dimension)?.Raw as Guid?, all, key, context.CancellationToken);
}
