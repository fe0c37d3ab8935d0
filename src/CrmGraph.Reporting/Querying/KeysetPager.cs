using CrmGraph.Reporting.Database;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Querying;

/// <summary>
/// Reads pages by keyset: the database goes to the cursor's values instead of counting rows up to an offset, so that pages do not
/// shift when rows come and go. One more row than asked says whether there are more. Counts and looks beyond the other end of a page are made only when selected.
/// </summary>
internal sealed class KeysetPager<T>(IReadOnlyList<SortKey> order, PageRequest request)
{
    private readonly IReadOnlyList<Stretch> stretches = Stretch.Of(order);

    /// <summary>The page of one list: a statement for the rows, and where the leading key may be missing perhaps a second one.</summary>
    public async ValueTask<Connection> PageAsync(IQueryable<T> rows, CancellationToken cancellationToken)
    {
        var found = request.WantsRows && request.Size > 0 ? await FoundAsync(rows, cancellationToken).ConfigureAwait(false) : [];
        var beforeStart = LooksBeforeStart && await AnyBeyondAsync(rows, request.After!, reversed: true, cancellationToken).ConfigureAwait(false);
        var afterEnd = LooksAfterEnd && await AnyBeyondAsync(rows, request.Before!, reversed: false, cancellationToken).ConfigureAwait(false);
        var total = request.WantsTotalCount ? await rows.CountAsync(cancellationToken).ConfigureAwait(false) : 0;
        return Page([.. found.Select(r => new Edge(r.Item!, order, r.Keys))], beforeStart, afterEnd, total);
    }

    /// <summary>The page of every parent: one statement for the rows of all, one for all counts, however many parents there are.</summary>
    public async ValueTask<IReadOnlyDictionary<Guid, Connection>> PagesAsync(
        RelatedRows<T> related, DatabaseEngine engine, CrmDbContext database, CancellationToken cancellationToken)
    {
        List<RelatedRow<T>> found = [];
        if (request.WantsRows && request.Size > 0)
        {
            var first = engine.FirstPerParent(database, related with { Query = Cut(related.Query) }, rows => Keyset.Take(Ordered(rows), request.Size + 1), order, request.Backward);
            found = await first.ToListAsync(cancellationToken).ConfigureAwait(false);
        }

        var ofParents = related with { Query = FirstPerParent.OfParents(engine.Keys(database, related.Parents), related) };
        var beforeStart = LooksBeforeStart ? await ParentsAsync(ofParents, BeforeStart(ofParents.Query), cancellationToken).ConfigureAwait(false) : [];
        var afterEnd = LooksAfterEnd ? await ParentsAsync(ofParents, AfterEnd(ofParents.Query), cancellationToken).ConfigureAwait(false) : [];
        var totals = request.WantsTotalCount ? await CountsAsync(ofParents, cancellationToken).ConfigureAwait(false) : [];
        var rowsOf = found.ToLookup(r => r.Parent);
        return related.Parents.ToDictionary(p => p.Id, p => Page(
            [.. rowsOf[p.Id].Select(r => new Edge(r.Item!, order, r.Keys))],
            beforeStart.Contains(p.Id),
            afterEnd.Contains(p.Id),
            totals.GetValueOrDefault(p.Id)));
    }

    private async ValueTask<List<PageRow<T>>> FoundAsync(IQueryable<T> rows, CancellationToken cancellationToken)
    {
        List<PageRow<T>> found = [];
        foreach (var stretch in request.Backward ? stretches.Reverse() : stretches)
        {
            if (found.Count > request.Size || Cut(stretch, rows) is not { } cut)
                continue;
            var page = Keyset.Take(stretch.OrderBy(cut, request.Backward), request.Size + 1 - found.Count).Select(Keyset.WithKeys<T>(order));
            found.AddRange(await page.ToListAsync(cancellationToken).ConfigureAwait(false));
        }

        return found;
    }

    private IQueryable<T>? Cut(Stretch stretch, IQueryable<T> rows)
    {
        var cut = stretch.Of(rows);
        if (request.After is { } after)
            cut = stretch.Beyond(cut, after, reversed: false);
        return cut is not null && request.Before is { } before ? stretch.Beyond(cut, before, reversed: true) : cut;
    }

    /// <summary>Whether there is a row at a place in the order or beyond it.</summary>
    private async ValueTask<bool> AnyBeyondAsync(IQueryable<T> rows, IReadOnlyList<object?> at, bool reversed, CancellationToken cancellationToken)
    {
        foreach (var stretch in stretches)
            if (stretch.Beyond(stretch.Of(rows), at, reversed, inclusive: true) is { } beyond && await beyond.AnyAsync(cancellationToken).ConfigureAwait(false))
                return true;
        return false;
    }

    private bool LooksBeforeStart => request is { WantsPrevious: true, After: not null };
    private bool LooksAfterEnd => request is { WantsNext: true, Before: not null };

    private Connection Page(List<Edge> edges, bool beforeStart, bool afterEnd, int total)
    {
        var more = edges.Count > request.Size;
        if (more)
            edges.RemoveAt(edges.Count - 1);
        if (request.Backward)
            edges.Reverse();
        var next = (more && !request.Backward) || afterEnd;
        var previous = (more && request.Backward) || beforeStart;
        return new(edges, new PageInfo(next, previous, edges), total);
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
        [.. await rows.Select(related.ParentOf).Distinct().ToListAsync(cancellationToken).ConfigureAwait(false)];

    private static async ValueTask<Dictionary<Guid, int>> CountsAsync(RelatedRows<T> related, CancellationToken cancellationToken) => await related.Query
        .GroupBy(related.ParentOf)
        .Select(g => new { g.Key, Count = g.Count() })
        .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken)
        .ConfigureAwait(false);
}
