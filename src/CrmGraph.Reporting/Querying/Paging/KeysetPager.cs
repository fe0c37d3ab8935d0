using CrmGraph.Data.Model;
using CrmGraph.Reporting.Querying.Dialects;
using CrmGraph.Reporting.Querying.Sorting;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Querying.Paging;

/// <summary>
/// Reads pages by keyset: the database goes to the cursor's values instead of counting rows up to an offset, so that pages do not
/// shift when rows come and go. One more row than asked says whether there are more. Counts and looks beyond the other end of a page are made only when selected.
/// </summary>
/// <param name="kept">Reads rows by prepared statements; null to read them through EF.</param>
internal sealed class KeysetPager<T>(IReadOnlyList<SortKey> order, PageRequest request, PreparedPages<T>? kept = null) where T : class
{
    private readonly IReadOnlyList<SeekRange> ranges = SeekRange.Of(order);

    /// <inheritdoc cref="ListRequest{T}.FiltersFirst"/>
    public bool FiltersFirst { get; init; }

    /// <summary>The page of one list: a statement for the rows, and where the leading key may be missing perhaps a second one.</summary>
    public ValueTask<Connection> PageAsync(IQueryable<T> rows, CancellationToken cancellationToken) => PageAsync(() => rows, cancellationToken);

    /// <param name="source">The list's rows; asked only when a statement has to be made.</param>
    public async ValueTask<Connection> PageAsync(Func<IQueryable<T>> source, CancellationToken cancellationToken)
    {
        var found = !Reads ? new ObjectPage(order, [])
            : kept is not null && await kept.PageAsync([.. Reachable], (s, limit) => Taken(s, source(), limit), !ReadsMore, cancellationToken)
                 is { } known ? known
            : await FoundAsync(source(), cancellationToken);
        var beforeStart = LooksBeforeStart && await AnyBeyondAsync(source(), request.After!, reversed: true, cancellationToken);
        var afterEnd = LooksAfterEnd && await AnyBeyondAsync(source(), request.Before!, reversed: false, cancellationToken);
        var total = request.WantsTotalCount ? await source().CountAsync(cancellationToken) : 0;
        return Connection.Of(found, request, beforeStart, afterEnd, total);
    }

    /// <summary>The page of every parent: one statement for the rows of all, one for all counts, however many parents there are.</summary>
    public async ValueTask<IReadOnlyDictionary<Guid, Connection>> PagesAsync(
        RelatedRows<T> related, QueryDialect dialect, Func<CrmDbContext> openDatabase, CancellationToken cancellationToken)
    {
        var values = dialect.KeyValues(related.Parents);
        IQueryable<RelatedPair<T>> First(TakeLimit limit) => dialect.FirstPerParent(
            dialect.KeyRows(openDatabase(), values), related with { Query = Cut(related.Query) }, rows => limit.Of(Ordered(rows)), order, request.Backward);
        var found = !Reads ? related.Parents.ToDictionary(p => p.Id, _ => (Page)new ObjectPage(order, []))
            : kept is not null && await kept.PagesAsync(related, values, First, !ReadsMore, cancellationToken) is { } known ? known
            : Grouped(
                await First(TakeLimit.Once(request.Taken)).Select(RelatedRow<T>.Of(order)).ToListAsync(cancellationToken),
                related.Parents);
        if (!ReadsMore)
            return related.Parents.ToDictionary(p => p.Id, p => Connection.Of(found[p.Id], request));
        var ofParents = related with { Query = FirstPerParent.OfParents(dialect.KeyRows(openDatabase(), values), related) };
        var beforeStart = LooksBeforeStart ? await ParentsAsync(ofParents, BeforeStart(ofParents.Query), cancellationToken) : [];
        var afterEnd = LooksAfterEnd ? await ParentsAsync(ofParents, AfterEnd(ofParents.Query), cancellationToken) : [];
        var totals = request.WantsTotalCount ? await CountsAsync(ofParents, cancellationToken) : [];
        return related.Parents.ToDictionary(
            p => p.Id,
            p => Connection.Of(found[p.Id], request, beforeStart.Contains(p.Id), afterEnd.Contains(p.Id), totals.GetValueOrDefault(p.Id)));
    }

    /// <summary>Whether there is more to ask for than the rows.</summary>
    private bool ReadsMore => LooksBeforeStart || LooksAfterEnd || request.WantsTotalCount;

    /// <summary>A page of no rows says whether there are any, when asked.</summary>
    private bool Reads => request is { WantsRows: true, Size: > 0 } || (request.Backward ? request.WantsPrevious : request.WantsNext);
    private bool LooksBeforeStart => request is { WantsPrevious: true, After: not null };
    private bool LooksAfterEnd => request is { WantsNext: true, Before: not null };

    /// <summary>The ranges in which the page may have rows, with their numbers, in the order in which they are read.</summary>
    private IEnumerable<(int Number, SeekRange Range)> Reachable => (request.Backward ? ranges.Index().Reverse() : ranges.Index())
        .Where(s => (request.After is not { } after || s.Item.Reaches(after, reversed: false))
            && (request.Before is not { } before || s.Item.Reaches(before, reversed: true)));

    private async ValueTask<Page> FoundAsync(IQueryable<T> rows, CancellationToken cancellationToken)
    {
        List<(object, object?[])> found = [];
        foreach (var (_, range) in Reachable)
        {
            if (found.Count >= request.Taken)
                break;
            var page = await Taken(range, rows, TakeLimit.Once(request.Taken - found.Count)).Select(Keyset.WithKeys<T>(order)).ToListAsync(cancellationToken);
            found.AddRange(page.Select(r => ((object)r.Item, r.Keys)));
        }

        return new ObjectPage(order, found);
    }

    private IQueryable<T> Taken(SeekRange range, IQueryable<T> rows, TakeLimit limit)
    {
        rows = range.Of(rows);
        if (request.After is { } after)
            rows = range.Beyond(rows, after, reversed: false)!;
        if (request.Before is { } before)
            rows = range.Beyond(rows, before, reversed: true)!;
        if (FiltersFirst)
            rows = (IQueryable<T>)Keyset.SkipNone(rows);
        return limit.Of(range.OrderBy(rows, request.Backward));
    }

    private Dictionary<Guid, Page> Grouped(List<RelatedRow<T>> rows, IReadOnlyList<ParentKey> parents)
    {
        var rowsOf = rows.ToLookup(r => r.Parent);
        return parents.ToDictionary(p => p.Id, p => (Page)new ObjectPage(order, [.. rowsOf[p.Id].Select(r => ((object)r.Item, r.Keys))]));
    }

    /// <summary>Whether there is a row at a place in the order or beyond it.</summary>
    private async ValueTask<bool> AnyBeyondAsync(IQueryable<T> rows, IReadOnlyList<object?> at, bool reversed, CancellationToken cancellationToken)
    {
        foreach (var range in ranges)
            if (range.Beyond(range.Of(rows), at, reversed, inclusive: true) is { } beyond && await beyond.AnyAsync(cancellationToken))
                return true;
        return false;
    }

    private IQueryable<T> Cut(IQueryable<T> rows)
    {
        if (request.After is { } after)
            rows = rows.Where(Keyset.Beyond<T>(order, after, reversed: false));
        return request.Before is { } before ? rows.Where(Keyset.Beyond<T>(order, before, reversed: true)) : rows;
    }

    private IQueryable<T> Ordered(IQueryable<T> rows) => Keyset.OrderBy(rows, order, request.Backward);

    private IQueryable<T> BeforeStart(IQueryable<T> rows) => rows.Where(Keyset.Beyond<T>(order, request.After!, reversed: true, inclusive: true));

    private IQueryable<T> AfterEnd(IQueryable<T> rows) => rows.Where(Keyset.Beyond<T>(order, request.Before!, reversed: false, inclusive: true));

    private static async ValueTask<HashSet<Guid>> ParentsAsync(RelatedRows<T> related, IQueryable<T> rows, CancellationToken cancellationToken) =>
        [.. await rows.Select(related.ParentOf).Distinct().ToListAsync(cancellationToken)];

    private static async ValueTask<Dictionary<Guid, int>> CountsAsync(RelatedRows<T> related, CancellationToken cancellationToken) => await related.Query
        .GroupBy(related.ParentOf)
        .Select(g => new { g.Key, Count = g.Count() })
        .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
}
