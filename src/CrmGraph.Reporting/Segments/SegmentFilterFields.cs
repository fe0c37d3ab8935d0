using System.Collections;
using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Segments;

/// <summary>Adds <c>segments</c> to the filter of customers.</summary>
[FilterFields<Customer>]
public static class SegmentFilterFields
{
    public static IEnumerable<FilterField> Fields(FilterTypes types)
    {
        yield return new SegmentsFilterField(types).With("Current membership in saved segments.");
    }
}

/// <summary><c>segments: {in: [ID!], nin: [ID!], all: [ID!]}</c>: a member of at least one, of none, of all of them.</summary>
internal sealed class SegmentsFilterField(FilterTypes types) : FilterField("segments")
{
    private const string InputName = "CustomerSegmentsFilterInput";

    public override GraphQLType Type => types.Registry.GetOrAdd(InputName, () => new InputObjectType(InputName, () =>
    [
        new("in", Ids()) { Description = "Members of at least one of these segments.", AppliedDirectives = QueryCosts.Weighs(QueryCosts.Segment) },
        new("nin", Ids()) { Description = "Members of none of these segments.", AppliedDirectives = QueryCosts.Weighs(QueryCosts.Segment) },
        new("all", Ids()) { Description = "Members of all of these segments.", AppliedDirectives = QueryCosts.Weighs(QueryCosts.Segment) },
    ])
    {
        Description = "Conditions on the segments that a customer belongs to. Multiple fields are combined with AND.",
    });

    public override double Cost => 0;

    /// <summary>A definition may hold anything.</summary>
    public override bool DependsOnCaller => true;

    /// <summary>All segments named in the field's value.</summary>
    public IEnumerable<Guid> Ids(InputObject value) => value.Fields.Values.OfType<IEnumerable>().SelectMany(Parse);

    public override ValueTask PrepareAsync(object value, FilterContext context, CancellationToken cancellationToken) =>
        PrepareAsync([.. Ids((InputObject)value).Distinct()], context, cancellationToken);

    /// <summary>Loads segments and what they refer to, so that <see cref="Member"/> can make their conditions.</summary>
    internal async ValueTask PrepareAsync(IReadOnlyCollection<Guid> ids, FilterContext context, CancellationToken cancellationToken)
    {
        var database = context.Database ?? throw new InvalidOperationException("Segments are loaded from a database.");
        var ready = context.Kept<Dictionary<Guid, ReadySegment>>(this) ?? [];
        context.Keep(this, ready);
        if (ids.Count > context.Limits.MetricSegments)
            throw new GraphQLException(
                QueryErrorCodes.FilterTooLarge,
                $"One condition on `segments` names {ids.Count} segments; at most {context.Limits.MetricSegments} are allowed.");
        await SegmentCatalog.LoadAsync(database, types.Row(typeof(Customer)), ids, ready, context.Limits, cancellationToken);
        foreach (var definition in ready.Values.Select(s => s.Definition).OfType<InputObject>().ToList())
            await PrepareOthersAsync(definition, context, cancellationToken);
    }

    public override Expression Build(Expression row, object value, FilterContext context)
    {
        Expression? all = null;
        foreach (var (name, ids) in ((InputObject)value).Fields)
        {
            var conditions = Parse((IEnumerable)FilterBuilder.NotNull(ids, name, (InputObject)value)).Distinct().Select(id => Member(row, id, context))
                .ToList();
            Expression part = name switch
            {
                "all" => conditions.Aggregate((Expression)Expression.Constant(true), Expression.AndAlso),
                _ => conditions.Aggregate((Expression)Expression.Constant(false), Expression.OrElse),
            };
            all = FilterBuilder.And(all, name == "nin" ? Expression.Not(part) : part);
        }

        return all ?? Expression.Constant(true);
    }

    /// <summary>The condition of one loaded segment on a customer.</summary>
    internal Expression Member(Expression row, Guid id, FilterContext context)
    {
        var segment = context.Kept<Dictionary<Guid, ReadySegment>>(this)![id];
        if (segment.Definition is { } definition)
            return FilterBuilder.Row(definition, row, context);
        var segmentId = id;
        Expression<Func<Customer, bool>> member = c => c.SegmentMemberships.Any(m => m.SegmentId == segmentId && m.LeftAt == null);
        return Lambdas.Inline(member, row);
    }

    /// <summary>Definitions may hold fields of other kinds that need preparation; segments inside them are loaded already.</summary>
    private static async ValueTask PrepareOthersAsync(InputObject where, FilterContext context, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in where.Fields)
        {
            if (value is null)
                continue;
            if (where.Type.Field(name)?.Tag is FilterField field and not SegmentsFilterField)
                await field.PrepareAsync(value, context, cancellationToken);
            foreach (var part in FilterBuilder.Parts(value))
                await PrepareOthersAsync(part, context, cancellationToken);
        }
    }

    private ListType Ids() => new(new NonNullType(types.Registry.Scalar("ID")));

    private IEnumerable<Guid> Parse(IEnumerable ids) => ids.Cast<object>().Select(id => types.Registry.NodeIds.Parse<Guid>((string)id, nameof(Segment)));
}
