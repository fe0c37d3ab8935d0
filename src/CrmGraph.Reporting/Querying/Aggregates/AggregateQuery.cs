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
        AggregateKeys keys, bool byCurrency, IReadOnlyList<AggregateFigure> figures, string? customerOf, CancellationToken cancellationToken)
    {
        var (query, element) = Elements(keys);
        var item = Expression.Parameter(element, "x");
        var values = keys.By.Select(f => f.Read(item, RowOf(item))).ToList();
        if (byCurrency)
            values.Add(Expression.Property(RowOf(item), "Currency"));
        var key = Key(values);
        var method = ReadMethod.MakeGenericMethod(element, key.Type);
        return (Task<List<AggregateCell>>)method.Invoke(
            this, [query, Expression.Lambda(key, item), new Reading(keys.By.Count, byCurrency, figures, customerOf), cancellationToken])!;
    }

    /// <summary>The rows, with what stands beside each where that is asked for.</summary>
    private (IQueryable Rows, Type Element) Elements(AggregateKeys keys)
    {
        var listed = keys.By.FirstOrDefault(f => f.IsList);
        if (listed is null && !keys.By.Any(f => f.IsAttribute) && keys.Number is null)
            return (rows, typeof(T));
        var beside = listed is null ? rows.Select(r => new RowBeside<T> { Row = r }) : WithElements(listed);
        if (keys.By.Any(f => f.IsAttribute))
            beside = WithAttribute(beside, keys.Attribute!, isNumber: false);
        return (keys.Number is { } number ? WithAttribute(beside, number, isNumber: true) : beside, typeof(RowBeside<T>));
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
            .. reading.Figures.SelectMany(f => f.Read(group, typeof(TElement), item => f.Property.ReflectedType == item.Type ? item : RowOf(item))),
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

    private IQueryable<RowBeside<T>> WithElements(Facet facet)
    {
        var row = Expression.Parameter(typeof(T), "r");
        if (facet.IsAttributeKey)
            return (IQueryable<RowBeside<T>>)OfAttributes(nameof(WithKeysOf), BindingFlags.Static).Invoke(null, [rows, AttributesOf(row, row)])!;
        return rows.Join(
            database.WordsOfCustomers(SnakeCase.Lower(facet.Property.Name)),
            Expression.Lambda<Func<T, Guid>>(Expression.Property(row, nameof(Customer.Id)), row),
            w => w.CustomerId, (r, w) => new RowBeside<T> { Row = r, Element = w.Word });
    }

    private static IQueryable<RowBeside<T>> WithKeysOf<TAttribute>(IQueryable<T> rows, Expression<Func<T, IEnumerable<TAttribute>>> attributes)
        where TAttribute : FreeAttribute => rows.SelectMany(attributes, (r, a) => new RowBeside<T> { Row = r, Element = a.Key });

    /// <summary>What is wrong with an attribute of the rows of which numbers are asked.</summary>
    public Task<string?> FaultAsync(string key, CancellationToken cancellationToken)
    {
        var row = Expression.Parameter(typeof(T), "r");
        return (Task<string?>)OfAttributes(nameof(FaultOfAsync), BindingFlags.Instance).Invoke(this, [AttributesOf(row, row), key, cancellationToken])!;
    }

    private Task<string?> FaultOfAsync<TAttribute>(Expression<Func<T, IEnumerable<TAttribute>>> attributes, string key, CancellationToken cancellationToken)
        where TAttribute : FreeAttribute => AttributeNumbers.FaultAsync(rows.SelectMany(attributes), key, cancellationToken);

    private static IQueryable<RowBeside<T>> WithAttribute(IQueryable<RowBeside<T>> beside, string key, bool isNumber)
    {
        var item = Expression.Parameter(typeof(RowBeside<T>), "x");
        var attributes = AttributesOf(item, Expression.Property(item, nameof(RowBeside<>.Row)));
        return (IQueryable<RowBeside<T>>)OfAttributes(nameof(WithAttributeOf), BindingFlags.Static).Invoke(null, [beside, attributes, key, isNumber])!;
    }

    private static readonly PropertyInfo? Attributes = Facet.AttributesOf(typeof(T));

    private static MethodInfo OfAttributes(string method, BindingFlags kind) =>
        typeof(AggregateQuery<T>).GetMethod(method, kind | BindingFlags.NonPublic)!.MakeGenericMethod(Attributes!.PropertyType.GetGenericArguments()[0]);

    private static LambdaExpression AttributesOf(ParameterExpression item, Expression row) => Expression.Lambda(
        typeof(Func<,>).MakeGenericType(item.Type, typeof(IEnumerable<>).MakeGenericType(Attributes!.PropertyType.GetGenericArguments()[0])),
        Expression.Property(row, Attributes), item);

    /// <summary>Of numbers only the rows that have one, of values all rows.</summary>
    private static IQueryable<RowBeside<T>> WithAttributeOf<TAttribute>(
        IQueryable<RowBeside<T>> beside, Expression<Func<RowBeside<T>, IEnumerable<TAttribute>>> attributes, string key, bool isNumber)
        where TAttribute : FreeAttribute
    {
        Expression<Func<IEnumerable<TAttribute>, IEnumerable<TAttribute>>> numbers = all => all.Where(a => a.Key == key && a.Number != null);
        Expression<Func<IEnumerable<TAttribute>, IEnumerable<TAttribute?>>> values = all => all.Where(a => a.Key == key).DefaultIfEmpty();
        return isNumber
            ? beside.SelectMany(
                On<TAttribute>(numbers, attributes), (x, a) => new RowBeside<T>
                {
                    Row = x.Row, Element = x.Element, Attribute = x.Attribute, Number = a!.Number,
                })
            : beside.SelectMany(
                On<TAttribute>(values, attributes), (x, a) => new RowBeside<T> { Row = x.Row, Element = x.Element, Attribute = a!.Value });
    }

    private static Expression<Func<RowBeside<T>, IEnumerable<TAttribute?>>> On<TAttribute>(
        LambdaExpression of, Expression<Func<RowBeside<T>, IEnumerable<TAttribute>>> attributes) =>
        Expression.Lambda<Func<RowBeside<T>, IEnumerable<TAttribute?>>>(
            ReplacingExpressionVisitor.Replace(of.Parameters[0], attributes.Body, of.Body), attributes.Parameters);

    private static Expression RowOf(Expression item) => item.Type == typeof(T) ? item : Expression.Property(item, nameof(RowBeside<>.Row));

    private static Expression Key(List<Expression> keys)
    {
        if (keys.Count == 0)
            return Expression.Constant(1);
        var type = KeyTypes[keys.Count - 1].MakeGenericType([.. keys.Select(k => k.Type)]);
        return Expression.New(type.GetConstructors()[0], keys, keys.Select((_, i) => type.GetProperty($"K{i + 1}")!));
    }
}

/// <summary>What rows are grouped by.</summary>
/// <param name="Attribute">The free attribute that one of the facets means; null when none does.</param>
/// <param name="Number">The free attribute of which numbers are read; null for none.</param>
internal sealed record AggregateKeys(IReadOnlyList<Facet> By, string? Attribute, string? Number = null);

/// <summary>A row beside one element of one of its lists, and beside its free attributes.</summary>
internal sealed class RowBeside<T>
{
    public T Row { get; set; } = default!;
    public string Element { get; set; } = "";
    public string? Attribute { get; set; }
    [FixedPoint] public long? Number { get; set; }
}

internal sealed record GroupKeys<T1>(T1 K1);
internal sealed record GroupKeys<T1, T2>(T1 K1, T2 K2);
internal sealed record GroupKeys<T1, T2, T3>(T1 K1, T2 K2, T3 K3);
internal sealed record GroupKeys<T1, T2, T3, T4>(T1 K1, T2 K2, T3 K3, T4 K4);
internal sealed record GroupKeys<T1, T2, T3, T4, T5>(T1 K1, T2 K2, T3 K3, T4 K4, T5 K5);
