using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Segments;

/// <summary>
/// Conditions that hold for the members of each segment, as of the context's moment. Throws a <see cref="GraphQL.Errors.GraphQLException"/> for a
/// segment that does not exist or is broken.
/// </summary>
public delegate ValueTask<IReadOnlyDictionary<Guid, Expression<Func<Customer, bool>>>> SegmentConditions(
    IReadOnlyCollection<Guid> segments,
    FilterContext context,
    CancellationToken cancellationToken);

/// <summary>The members of saved segments as conditions on customers.</summary>
public sealed class SegmentFilters(Schema schema)
{
    /// <summary>One condition per segment, as of the context's moment.</summary>
    /// <exception cref="GraphQL.Errors.GraphQLException">For a segment that does not exist, is broken or nested too deep.</exception>
    public async ValueTask<IReadOnlyDictionary<Guid, Expression<Func<Customer, bool>>>> OfAsync(
        IReadOnlyCollection<Guid> segments,
        FilterContext context,
        CancellationToken cancellationToken)
    {
        var field = Field;
        await field.PrepareAsync(segments, context, cancellationToken);
        return segments.Distinct().ToDictionary(id => id, id => Condition(field, id, context));
    }

    private SegmentsFilterField Field => (SegmentsFilterField)((InputObjectType)schema.Type("CustomerFilterInput")!).Field("segments")!.Tag!;

    private static Expression<Func<Customer, bool>> Condition(SegmentsFilterField field, Guid id, FilterContext context)
    {
        var row = Expression.Parameter(typeof(Customer), "c");
        return Expression.Lambda<Func<Customer, bool>>(field.Member(row, id, context), row);
    }
}
