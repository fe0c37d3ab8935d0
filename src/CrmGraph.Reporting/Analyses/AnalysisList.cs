using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Analyses;

internal static class AnalysisList
{
    /// <summary>The first so many of what an analysis found, after the first <paramref name="offset"/>.</summary>
    /// <exception cref="GraphQLException">INVALID_ARGUMENT: more than the limit, or less than nothing.</exception>
    public static IReadOnlyList<T> Part<T>(IEnumerable<T> items, ResolverContext context, int first, int offset = 0)
    {
        var limit = (context.HostServices.GetService<CrmLimits>() ?? new()).AnalysisItems;
        if (first < 0 || first > limit || offset < 0)
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"`first` must be between 0 and {limit}, and `offset` 0 or more.");
        return [.. items.Skip(offset).Take(first)];
    }
}
