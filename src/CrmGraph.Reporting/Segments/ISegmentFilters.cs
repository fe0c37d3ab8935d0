using System.Linq.Expressions;
using CrmGraph.Reporting.Customers;
using CrmGraph.Reporting.Querying;

namespace CrmGraph.Reporting.Segments;

/// <summary>Where metrics get the members of saved segments from.</summary>
public interface ISegmentFilters
{
    /// <summary>
    /// Conditions that hold for the members of each segment, as of the context's moment. Throws a <see cref="GraphQL.Errors.GraphQLException"/> for a
    /// segment that does not exist or is broken.
    /// </summary>
    ValueTask<IReadOnlyDictionary<Guid, Expression<Func<Customer, bool>>>> OfAsync(IReadOnlyCollection<Guid> segments, FilterContext context, CancellationToken cancellationToken);
}
