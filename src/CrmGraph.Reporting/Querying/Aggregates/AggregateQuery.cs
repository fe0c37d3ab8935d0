using System.Linq.Expressions;
using System.Reflection;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace CrmGraph.Reporting.Querying.Aggregates;

/// <summary>Groups as one statement reads them: by the facets, and by currency where that is asked for.</summary>
/// <param name="Customers">Distinct customers; 0 unless asked for.</param>
internal sealed record AggregateCell(object?[] Keys, string? Currency, int Count, int Customers, FigureValue[] Figures);

/// <summary>Counts and figures of rows by group, in one statement.</summary>
internal sealed class AggregateQuery<T>(IQueryable<T> rows, CrmDbContext database, int limit) where T : class
{
    private static readonly Type[] KeyTypes =
        [typeof(GroupKeys<>), typeof(GroupKeys<,>), typeof(GroupKeys<,,>), typeof(GroupKeys<,,,>), typeof(GroupKeys<,,,,>)];
    private static readonly MethodInfo ReadMethod = typeof(AggregateQuery<T>).GetMethod(nameof(ReadAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>One cell more than the limit says that there are too many.</summary>
    /// <param name="customerOf">The rows' property with their customer; null when customers are not counted.</param>
    public Task<List<AggregateCell>> CellsAsync(
        IReadOnlyList<Facet> by, bool byCurrency, IReadOnlyList<AggregateFigure> figures, string? customerOf, CancellationToken cancellationToken)
    {
        var listed = by.FirstOrDefault(f => f.IsList);
        var (query, element) = listed is null ? (rows, typeof(T)) : ((IQueryable)WithElements(listed), typeof(ListedRow<T>));
        var item = Expression.Parameter(element, "x");
        var keys = by.Select(f => f.Read(RowOf(item), listed is null ? null : Expression.Property(item, nameof(ListedRow<>.Element)))).ToList();
        if (byCurrency)
            keys.Add(Expression.Property(RowOf(item), "Currency"));
        var key = Key(keys);
        var method = ReadMethod.MakeGenericMethod(element, key.Type);
        return (Task<List<AggregateCell>>)method.Invoke(
            this, [query, Expression.Lambda(key, item), new Reading(by.Count, byCurrency, figures, customerOf), cancellationToken])!;
    }

    private sealed record Reading(int Keys, bool ByCurrency, IReadOnlyList<AggregateFigure> Figures, string? CustomerOf);

    private async Task<List<AggregateCell>> ReadAsync<TElement, TKey>(
        IQueryable<TElement> query, Expression<Func<TElement, TKey>> key, Reading reading, CancellationToken cancellationToken)
    {
        var group = Expression.Parameter(typeof(IGrouping<TKey, TElement>), "g");
        var keys = Enumerable.Range(1, reading.Keys + (reading.ByCurrency ? 1 : 0))
            .Select(i => (Expression)Expression.Property(Expression.Property(group, nameof(IGrouping<,>.Key)), $"K{i}"));
        Expression<Func<IGrouping<TKey, TElement>, int>> count = g => g.Count();
        IEnumerable<Expression> values = [
            .. keys, Lambdas.Inline(count, group), Customers<TKey, TElement>(group, reading.CustomerOf),
            .. reading.Figures.SelectMany(f => f.Read(group, typeof(TElement), RowOf)),
        ];
        var read = Expression.Lambda<Func<IGrouping<TKey, TElement>, object?[]>>(
            Expression.NewArrayInit(typeof(object), values.Select(v => Expression.Convert(v, typeof(object)))), group);
        var found = await query.GroupBy(key).OrderByDescending(count).Select(read).Take(limit + 1).ToListAsync(cancellationToken);
        return found.ConvertAll(row => Cell(row, reading));
    }

    private static AggregateCell Cell(object?[] row, Reading reading)
    {
        var next = reading.Keys + (reading.ByCurrency ? 1 : 0) + 2;
        var figures = new FigureValue[reading.Figures.Count];
        for (var i = 0; i < figures.Length; next += reading.Figures[i++].Width)
            figures[i] = reading.Figures[i].Value(row.AsSpan(next));
        next = reading.Keys;
        var currency = reading.ByCurrency ? (string?)row[next++] : null;
        return new(row[..reading.Keys], currency, (int)row[next]!, (int)row[next + 1]!, figures);
    }

    private static Expression Customers<TKey, TElement>(Expression group, string? customerOf)
    {
        if (customerOf is null)
            return Expression.Constant(0);
        var item = Expression.Parameter(typeof(TElement), "x");
        var customer = Expression.Lambda<Func<TElement, Guid>>(Expression.Property(RowOf(item), customerOf), item);
        Expression<Func<IGrouping<TKey, TElement>, Func<TElement, Guid>, int>> distinct = (g, of) => g.Select(of).Distinct().Count();
        return ReplacingExpressionVisitor.Replace(
            distinct.Parameters[1], customer, ReplacingExpressionVisitor.Replace(distinct.Parameters[0], group, distinct.Body));
    }

    private IQueryable<ListedRow<T>> WithElements(Facet facet)
    {
        var row = Expression.Parameter(typeof(T), "r");
        return rows.Join(
            database.WordsOfCustomers(SnakeCase.Lower(facet.Property.Name)),
            Expression.Lambda<Func<T, Guid>>(Expression.Property(row, nameof(Customer.Id)), row),
            w => w.CustomerId, (r, w) => new ListedRow<T> { Row = r, Element = w.Word });
    }

    private static Expression RowOf(Expression item) => item.Type == typeof(T) ? item : Expression.Property(item, nameof(ListedRow<>.Row));

    private static Expression Key(List<Expression> keys)
    {
        if (keys.Count == 0)
            return Expression.Constant(1);
        var type = KeyTypes[keys.Count - 1].MakeGenericType([.. keys.Select(k => k.Type)]);
        return Expression.New(type.GetConstructors()[0], keys, keys.Select((_, i) => type.GetProperty($"K{i + 1}")!));
    }
}

/// <summary>A row beside one element of one of its lists.</summary>
internal sealed class ListedRow<T>
{
    public T Row { get; set; } = default!;
    public string Element { get; set; } = "";
}

internal sealed record GroupKeys<T1>(T1 K1);
internal sealed record GroupKeys<T1, T2>(T1 K1, T2 K2);
internal sealed record GroupKeys<T1, T2, T3>(T1 K1, T2 K2, T3 K3);
internal sealed record GroupKeys<T1, T2, T3, T4>(T1 K1, T2 K2, T3 K3, T4 K4);
internal sealed record GroupKeys<T1, T2, T3, T4, T5>(T1 K1, T2 K2, T3 K3, T4 K4, T5 K5);
