using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics.Definitions;
using CrmGraph.Reporting.Metrics.Facts;
using CrmGraph.Reporting.Metrics.Listing;
using CrmGraph.Reporting.Metrics.Planning;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using CrmGraph.Reporting.Querying.Lookups;
using CrmGraph.Reporting.Querying.Paging;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Metrics;

/// <summary>A group of a table by one of its dimensions.</summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Key">The `key` of the dimension's value, as rows of `metrics` have it; null for the rows without a value.</param>
public sealed record CellValueInput(MetricDimension Dimension, string? Key = null);

/// <summary>Gives the field its argument <c>where</c>, its pages, and its part of the data moment.</summary>
internal sealed class UseFactsAttribute : FieldAttribute
{
    public const string Where = "where";

    public override int Order => 50;

    public override void Configure(FieldBuilder field, ITypeRegistry types)
    {
        field.Arguments.Add(new(Where, MetricWhere.Type(new FilterTypes(types)))
        {
            Description = "Which facts count, as for `metrics`. If omitted, all that the caller may see.",
            AppliedDirectives = QueryCosts.Weighs(QueryCosts.Filter),
        });
        field.Arguments.AddRange(UsePagingAttribute.Arguments(types));
        field.Directives.Add(UsePagingAttribute.Size(types));
        field.Directives.Add(CostDirectives.Cost(QueryCosts.Analysis));
        field.Tag = types.NodeIds;
        field.Reads = 2;
    }
}

[QueryType]
public static class FactQueries
{
    /// <summary>
    /// The rows behind a number of `metrics`: of a metric, a period, a filter and a group. The values of the rows add up to the number. Rows that a metric does
    /// not have as such (quotients, medians) are those of its parts; see `part` and `addsUp`.
    /// </summary>
    /// <param name="metric">The key of the metric, one of the company's own included.</param>
    /// <param name="period">The days that count, those of one time bucket, for example.</param>
    /// <param name="cell">The group, by at most four dimensions; the total of all groups if omitted.</param>
    /// <param name="part">Of a quotient, which part of it; needed for these alone.</param>
    /// <param name="currency">The ISO 4217 code of the currency of all money, as for `metrics`.</param>
    [UseFacts, UseAttributes]
    public static async Task<MetricFacts?> GetFactsAsync(
        ResolverContext context, string metric, PeriodInput period, IReadOnlyList<CellValueInput>? cell = null, QuotientPart? part = null,
        string? currency = null)
    {
        var engine = context.Services.GetRequiredService<MetricEngine>();
        var session = engine.Session(context.Services.GetRequiredService<CrmDbContext>(), null, await RequestSettings.CompanyAsync(context));
        var query = new MetricQuery
        {
            Period = period, GroupBy = [.. (cell ?? []).Select(c => c.Dimension)], Currency = currency,
            Where = context.Argument<InputObject>(UseFactsAttribute.Where),
        }.WithAttributes(context);
        if (query.GroupBy.Contains(MetricDimension.Segment))
            throw new GraphQLException(
                MetricErrorCodes.InvalidArgument, "Of a segment, ask with `where: {customer: {segments: ...}}` instead of `cell`.");
        var asked = MetricCatalog.Named(metric);
        var plan = await engine.PlanAsync(
            session, query, new([asked], Rows: false, BucketTotals: false, GroupCount: false, Places: false), context.State.Require<Caller>(),
            context.CancellationToken, await RequestSettings.MomentAsync(context));
        var definition = plan.Asked[0];
        var own = plan.Parts.Where(p => p.Selection.Metrics.Count > 0).ToList();
        if (own is not [var counted])
            throw new GraphQLException(
                MetricErrorCodes.Unsupported, $"{metric} is made of metrics with different conditions; ask for the facts of each: {definition.Formula}");
        var weights = FactWeights.Find(definition, part, counted.IsByLine);
        var ids = (NodeIds)context.Field.Tag!;
        var group = query.GroupBy.Count == 0 ? null : MetricGroup.Of(query.GroupBy, [.. plan.Groupings.Zip(cell!, (g, c) => Groups.Parse(g, c.Key, ids))]);
        var lister = FactLister.Of(session, counted, weights);
        var request = PageRequest.Read(context.Arguments, context.PerPlan(PagePlan.Of), lister.Order, context.HostServices.GetService<GraphQLLimits>() ?? new(),
            context.HostServices.GetService<CrmLimits>() ?? new());
        var (table, row) = await engine.CellAsync(session, plan, group, context.CancellationToken);
        var value = row?.Values[definition.Asked];
        // Nothing is listed of what is hidden. What was divided by zero still has its parts.
        var isShown = value is not null && value.Reason is null or NoValueReason.ZeroDenominator or NoValueReason.MixedCurrency;
        var page = isShown ? await lister.PageAsync(group, request, context.CancellationToken) : Connection.Of(new ObjectPage(lister.Order, []), request);
        var (facts, money) = await lister.FactsAsync(definition, [.. page.Edges.Select(e => (FactRow)e.Node)], context.CancellationToken);
        return new()
        {
            Metric = definition,
            Period = table.Period,
            Currency = weights.IsMoney ? table.Currency : null,
            Value = part switch { QuotientPart.Numerator => value?.Numerator, QuotientPart.Denominator => value?.Denominator, _ => value?.Value },
            Reason = value is null ? NoValueReason.NoData : part is not null && value.Denominator is not null ? null : value.Reason,
            AddsUp = !weights.IsRanked,
            PageInfo = page.PageInfo,
            Edges = [.. page.Edges.Zip(facts, (e, f) => new MetricFactEdge(e.Cursor, f))],
            TotalCount = page.TotalCount,
        };
    }
}

/// <summary>What a row behind a number is: the one field that its type names is set, if the caller may still see it.</summary>
[ObjectType<MetricFact>]
public static class MetricFactFields
{
    /// <summary>The customer whose row it is, or who is counted himself; null for guests.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Customer?>> GetCustomerAsync([Parent] IReadOnlyList<MetricFact> facts, ResolverContext context) =>
        BatchLookup.OneAsync(facts, f => f.CustomerId, Rows.Of(context).Customers, c => c.Id, context.CancellationToken);

    /// <summary>The order, where it is one.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Order?>> GetOrderAsync([Parent] IReadOnlyList<MetricFact> facts, ResolverContext context) =>
        OneAsync(facts, FactSubject.Order, Rows.Of(context).Orders, o => o.Id, context);

    /// <summary>The line of an order, where it is one.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<OrderLine?>> GetOrderLineAsync([Parent] IReadOnlyList<MetricFact> facts, ResolverContext context) =>
        OneAsync(facts, FactSubject.OrderLine, Rows.Of(context).OrderLines, l => l.Id, context);

    /// <summary>The ticket, where it is one.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Ticket?>> GetTicketAsync([Parent] IReadOnlyList<MetricFact> facts, ResolverContext context) =>
        OneAsync(facts, FactSubject.Ticket, Rows.Of(context).Tickets, t => t.Id, context);

    /// <summary>The response to a survey, where it is one.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<SurveyResponse?>> GetSurveyResponseAsync([Parent] IReadOnlyList<MetricFact> facts, ResolverContext context) =>
        OneAsync(facts, FactSubject.SurveyResponse, Rows.Of(context).SurveyResponses, a => a.Id, context);

    /// <summary>The opportunity, where it is one.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Opportunity?>> GetOpportunityAsync([Parent] IReadOnlyList<MetricFact> facts, ResolverContext context) =>
        OneAsync(facts, FactSubject.Opportunity, Rows.Of(context).Opportunities, o => o.Id, context);

    /// <summary>The contract, where it is one.</summary>
    [BatchResolver]
    public static Task<IReadOnlyList<Contract?>> GetContractAsync([Parent] IReadOnlyList<MetricFact> facts, ResolverContext context) =>
        OneAsync(facts, FactSubject.Contract, Rows.Of(context).Contracts, k => k.Id, context);

    private static Task<IReadOnlyList<T?>> OneAsync<T>(
        IReadOnlyList<MetricFact> facts, FactSubject subject, IQueryable<T> rows, Expression<Func<T, Guid>> key, ResolverContext context) where T : class =>
        BatchLookup.OneAsync(facts, f => f.IdOf(subject), rows, key, context.CancellationToken);
}
