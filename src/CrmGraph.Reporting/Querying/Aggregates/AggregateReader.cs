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
    public const string AttributeArgument = "attribute", NumberField = "attribute", KeyArgument = "key";
    private const int MostFacets = 4, MostNumbers = 10;

    private static readonly AggregateFigure Number = new(typeof(RowBeside<T>).GetProperty(nameof(RowBeside<>.Number))!, "number", FigureKind.Number);

    /// <summary>The property that tells the customer of a row; null for rows without customers.</summary>
    private static string? CustomerOf { get; } = typeof(T) == typeof(Customer) ? nameof(Customer.Id)
        : typeof(ICustomerFact).IsAssignableFrom(typeof(T)) ? nameof(ICustomerFact.CustomerId) : null;

    public async Task<IReadOnlyList<Aggregate>> FirstGroupsAsync(ResolverContext context)
    {
        List<Facet> by = [.. ((System.Collections.IEnumerable)context.Arguments["by"]!).Cast<Facet>()];
        if (by.Count is 0 or > MostFacets || by.Distinct().Count() < by.Count || by.Count(f => f.IsList) > 1)
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"`by` needs one to {MostFacets} different fields, at most one of them a list.");
        var first = First(context);
        return [.. (await GroupsAsync(context, Keys(context, by))).Take(first)];
    }

    public async Task<IReadOnlyList<DistinctValue>> ValuesAsync(ResolverContext context)
    {
        var first = First(context);
        var words = SearchText.Plain(Operands.Text(context.Argument<string>("search") ?? "")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var groups = await GroupsAsync(context, Keys(context, [(Facet)context.Arguments["field"]!]));
        return [.. groups.Where(g => Array.TrueForAll(words, w => SearchText.Plain(g.Keys[0].Label).Contains(w, StringComparison.Ordinal)))
            .Take(first).Select(g => new DistinctValue(g.Keys[0].Value, g.Keys[0].Label, g.Count, g.IsSuppressed))];
    }

    /// <summary>The whole, which is there without any row too.</summary>
    public async Task<Aggregate> TotalAsync(ResolverContext context) =>
        await GroupsAsync(context, new([], null)) is [var whole] ? whole : new([], 0, false, new Dictionary<string, object?>());

    /// <exception cref="GraphQLException">INVALID_ARGUMENT: an attribute is named and not grouped by, or the other way around.</exception>
    private static AggregateKeys Keys(ResolverContext context, IReadOnlyList<Facet> by)
    {
        var attribute = context.Arguments.GetValueOrDefault(AttributeArgument) as string;
        return by.Any(f => f.IsAttribute) == attribute is not null
            ? new(by, Storable(attribute))
            : throw new GraphQLException(ErrorCodes.InvalidArgument, attribute is null
                ? "ATTRIBUTE needs the name of an attribute in `attribute`, such as attribute: \"plan\"."
                : "`attribute` is for ATTRIBUTE; to filter by attributes use where: {attributes: ...}.");
    }

    private async Task<IReadOnlyList<Aggregate>> GroupsAsync(ResolverContext context, AggregateKeys keys)
    {
        var filter = await FilterContext.OfAsync(context);
        var rows = source(context);
        if (((AggregateScope)context.Parents[0]!).Where is { } where)
            rows = rows.Where(await FilterBuilder.BuildAsync<T>(where, filter, context.CancellationToken));
        var wanted = figures.Where(f => context.IsSelected(f.Name)).ToList();
        var settings = await RequestSettings.SettingsAsync(context);
        var minimum = CustomerOf is not null && context.State.Require<Caller>().Role != Role.Administrator ? settings.SmallGroupMinimum : 0;
        var query = new AggregateQuery<T>(rows, filter.Database!, filter.Limits.AggregateGroups);
        var cells = await CellsAsync(keys, wanted);
        var names = await NamesAsync(context, [.. cells.SelectMany(g => g.Keys).OfType<Guid>().Distinct()]);
        var made = Shown(cells, wanted).ToList();
        foreach (var number in NumbersOf(context.Selections))
        {
            var numbers = await CellsAsync(keys with { Number = Storable(number) }, [Number]);
            if (numbers.Count == 0
                && await new AggregateQuery<T>(source(context), filter.Database!, 0).FaultAsync(number, context.CancellationToken) is { } fault)
                throw new GraphQLException(ErrorCodes.InvalidArgument, fault);
            var found = Shown(numbers, [Number]).ToDictionary(g => Id(g.Keys));
            made = [.. made.Select(g => g.IsSuppressed ? g : g with { Figures = With(g.Figures, number, found.GetValueOrDefault(Id(g.Keys))) })];
        }

        return [.. made.OrderBy(g => g.IsSuppressed).ThenByDescending(g => g.Count)
            .ThenBy(g => string.Join('\n', g.Keys.Select(k => k.Label)), StringComparer.Ordinal)
            .ThenBy(g => string.Join('\n', g.Keys.Select(k => k.Value)), StringComparer.Ordinal)];

        async Task<List<AggregateCell>> CellsAsync(AggregateKeys by, IReadOnlyList<AggregateFigure> of)
        {
            var read = await query.CellsAsync(
                by, of.Any(f => f.Kind == FigureKind.Money), of, minimum > 0 ? CustomerOf : null, context.CancellationToken);
            return read.Count <= filter.Limits.AggregateGroups ? read : throw new GraphQLException(
                QueryErrorCodes.TooManyGroups, $"There are more than {filter.Limits.AggregateGroups} groups: group by fewer fields, or ask for fewer rows.");
        }

        IEnumerable<Aggregate> Shown(List<AggregateCell> read, IReadOnlyList<AggregateFigure> of) => new AggregateCells(read, of, minimum).Shown(
            values => [.. values.Select((k, i) => new FacetValue(keys.By[i].Written(k), Facet.Label(k, names)))]);
    }

    private static string Id(IReadOnlyList<FacetValue> keys) => string.Join('\n', keys.Select(k => k.Value is { } value ? $"{value.Length} {value}" : ""));

    /// <summary>Of an attribute fewer customers may have a number than stand behind the group: its figures can be hidden alone.</summary>
    private static Dictionary<string, object?> With(IReadOnlyDictionary<string, object?> known, string key, Aggregate? found) =>
        new(known)
        {
            [NumberField + key] = found is null ? new NumberAggregate(0, 0, null, null, null) : found.Figures.GetValueOrDefault(Number.Name),
        };

    /// <summary>The attributes of which figures are selected.</summary>
    public static IReadOnlyList<string> NumbersOf(IReadOnlyList<SelectedField> selections)
    {
        List<string> keys = [.. selections.Where(f => f.Name == NumberField).Select(f => (string)f.Arguments[KeyArgument]!).Distinct()];
        return keys.Count <= MostNumbers
            ? keys
            : throw new GraphQLException(
                ErrorCodes.InvalidArgument, $"`{NumberField}` can be asked of at most {MostNumbers} attributes at once, not {keys.Count}.");
    }

    // No row has what no database can hold, and PostgreSQL cannot be asked for it.
    private static string? Storable(string? key) => key is null || FoldedText.IsStorable(key)
        ? key
        : throw new GraphQLException(ErrorCodes.InvalidArgument, "The name of an attribute must not hold U+0000 or half of a surrogate pair.");

    /// <summary>The names of owners and agents.</summary>
    private static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(ResolverContext context, List<Guid> members) => members.Count == 0
        ? new Dictionary<Guid, string>()
        : await Rows.Of(context).TeamMembers.Where(m => members.Contains(m.Id)).ToDictionaryAsync(m => m.Id, m => m.Name, context.CancellationToken);

    private static int First(ResolverContext context) => (int)context.Arguments["first"]! is var first and >= 0 and <= MostEntries
        ? first
        : throw new GraphQLException(ErrorCodes.InvalidArgument, $"`first` must be between 0 and {MostEntries}.");
}
