using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Querying.Calendar;
using CrmGraph.Reporting.Querying.Filters;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Querying.Aggregates;

/// <summary>Reads aggregates under the caller's row rules, with small groups hidden from whom they are hidden in metrics.</summary>
internal sealed class AggregateReader<T>(Func<ResolverContext, IQueryable<T>> source, IReadOnlyList<AggregateFigure> figures) where T : class
{
    public const int MostEntries = 1_000;
    private const int MostFacets = 4;

    /// <summary>The property that tells the customer of a row; null for rows without customers.</summary>
    private static string? CustomerOf { get; } = typeof(T) == typeof(Customer) ? nameof(Customer.Id)
        : typeof(ICustomerFact).IsAssignableFrom(typeof(T)) ? nameof(ICustomerFact.CustomerId) : null;

    public async Task<IReadOnlyList<Aggregate>> FirstGroupsAsync(ResolverContext context)
    {
        List<Facet> by = [.. ((System.Collections.IEnumerable)context.Arguments["by"]!).Cast<Facet>()];
        if (by.Count is 0 or > MostFacets || by.Distinct().Count() < by.Count || by.Count(f => f.IsList) > 1)
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"`by` needs one to {MostFacets} different fields, at most one of them a list.");
        var first = First(context);
        return [.. (await GroupsAsync(context, by)).Take(first)];
    }

    public async Task<IReadOnlyList<DistinctValue>> ValuesAsync(ResolverContext context)
    {
        var first = First(context);
        var words = SearchText.Plain(Operands.Text(context.Argument<string>("search") ?? "")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var groups = await GroupsAsync(context, [(Facet)context.Arguments["field"]!]);
        return [.. groups.Where(g => Array.TrueForAll(words, w => SearchText.Plain(g.Keys[0].Label).Contains(w, StringComparison.Ordinal)))
            .Take(first).Select(g => new DistinctValue(g.Keys[0].Value, g.Keys[0].Label, g.Count, g.IsSuppressed))];
    }

    /// <summary>The whole, which is there without any row too.</summary>
    public async Task<Aggregate> TotalAsync(ResolverContext context) =>
        await GroupsAsync(context, []) is [var whole] ? whole : new([], 0, false, new Dictionary<string, object?>());

    private async Task<IReadOnlyList<Aggregate>> GroupsAsync(ResolverContext context, IReadOnlyList<Facet> by)
    {
        var filter = await FilterContext.OfAsync(context);
        var rows = source(context);
        if (((AggregateScope)context.Parents[0]!).Where is { } where)
            rows = rows.Where(await FilterBuilder.BuildAsync<T>(where, filter, context.CancellationToken));
        var wanted = figures.Where(f => context.IsSelected(f.Name)).ToList();
        var settings = await RequestSettings.SettingsAsync(context);
        var minimum = CustomerOf is not null && context.State.Require<Caller>().Role != Role.Administrator ? settings.SmallGroupMinimum : 0;
        var cells = await new AggregateQuery<T>(rows, filter.Database!, filter.Limits.AggregateGroups).CellsAsync(
            by, wanted.Exists(f => f.Kind == FigureKind.Money), wanted, minimum > 0 ? CustomerOf : null, context.CancellationToken);
        if (cells.Count > filter.Limits.AggregateGroups)
            throw new GraphQLException(
                QueryErrorCodes.TooManyGroups, $"There are more than {filter.Limits.AggregateGroups} groups: group by fewer fields, or ask for fewer rows.");
        var names = await NamesAsync(context, [.. cells.SelectMany(g => g.Keys).OfType<Guid>().Distinct()]);
        var made = new AggregateCells(cells, wanted, minimum).Shown(keys =>
            [.. keys.Select((k, i) => new FacetValue(by[i].Written(k), Facet.Label(k, names)))]);
        return [.. made.OrderBy(g => g.IsSuppressed).ThenByDescending(g => g.Count)
            .ThenBy(g => string.Join('\n', g.Keys.Select(k => k.Label)), StringComparer.Ordinal)
            .ThenBy(g => string.Join('\n', g.Keys.Select(k => k.Value)), StringComparer.Ordinal)];
    }

    /// <summary>The names of owners and agents.</summary>
    private static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(ResolverContext context, List<Guid> members) => members.Count == 0
        ? new Dictionary<Guid, string>()
        : await Rows.Of(context).TeamMembers.Where(m => members.Contains(m.Id)).ToDictionaryAsync(m => m.Id, m => m.Name, context.CancellationToken);

    private static int First(ResolverContext context) => (int)context.Arguments["first"]! is var first and >= 0 and <= MostEntries
        ? first
        : throw new GraphQLException(ErrorCodes.InvalidArgument, $"`first` must be between 0 and {MostEntries}.");
}
