namespace CrmGraph.Reporting.Querying.Sorting;

/// <summary>
/// A part of a list in its order. Where the leading key may be missing, the rows that have it and, after them, those without are read apart:
/// within each part "value, id" is the order of a plain index, forwards and backwards. Of "is null, value, id" only the ascending
/// form would be: descending, nulls last is no index read backwards.
/// </summary>
internal sealed class SeekRange
{
    private readonly IReadOnlyList<SortKey> order;
    /// <summary>Whether the leading key is there; null when it always is.</summary>
    private readonly bool? present;

    private SeekRange(IReadOnlyList<SortKey> order, bool? present)
    {
        (this.order, this.present) = (order, present);
    }

    public static IReadOnlyList<SeekRange> Of(IReadOnlyList<SortKey> order)
    {
        if (!order[0].IsNullable)
            return [new(order, null)];
        IReadOnlyList<SortKey> within = [order[0] with { IsNullable = false }, .. order.Skip(1)];
        return [new(within, true), new(within, false)];
    }

    /// <summary>Whether the range has rows beyond a place in the whole order.</summary>
    public bool Reaches(IReadOnlyList<object?> at, bool reversed) => present is not { } has || has == at[0] is not null || has == reversed;

    public IQueryable<T> Of<T>(IQueryable<T> rows)
    {
        if (order[0].RelatedId is { } related)
            rows = rows.Where(Keyset.Present<T>(related));
        return present is { } has ? rows.Where(Keyset.Has<T>(order[0], has)) : rows;
    }

    public IQueryable<T> OrderBy<T>(IQueryable<T> rows, bool reversed) => Keyset.OrderBy(rows, order, reversed);

    /// <summary>Those of the range's rows that are beyond a place in the whole order; null when none can be.</summary>
    public IQueryable<T>? Beyond<T>(IQueryable<T> rows, IReadOnlyList<object?> at, bool reversed, bool inclusive = false)
    {
        if (!Reaches(at, reversed))
            return null;
        if (present is { } has && has != at[0] is not null)
            return rows;
        // Without the leading key the others tell the rows apart.
        return present == false
            ? rows.Where(Keyset.Beyond<T>([.. order.Skip(1)], [.. at.Skip(1)], reversed, inclusive))
            : rows.Where(Keyset.Beyond<T>(order, at, reversed, inclusive));
    }
}
