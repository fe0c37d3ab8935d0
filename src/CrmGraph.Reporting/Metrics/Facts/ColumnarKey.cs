using System.Linq.Expressions;
using System.Reflection;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>A key in two halves, that of orders and that of customers, so that each is worked out once for all orders that share it.</summary>
internal sealed class ColumnarKey
{
    private readonly Half _orders;
    private readonly Half _customers;
    private readonly Func<SalesRow, SalesRow>? _whole;
    private readonly Func<SalesRow, bool>? _holds;
    private readonly KeyRows<SalesRow> _values;

    private ColumnarKey(FactKey key, Func<string, bool> isOfCustomer)
    {
        Reads = FactQuery.Columns(key.Expressions);
        _values = new(key.Columns.Select(c => c.Member.Name));
        var (ofCustomers, ofOrders) = (key.Columns.Where(IsOfCustomers).ToList(), key.Columns.Where(c => !IsOfCustomers(c)).ToList());
        if (key.Condition is null && !ofOrders.Exists(c => ColumnsOf(c.Expression).Any(isOfCustomer)))
        {
            (_orders, _customers) = (new(key.Row, ofOrders), new(key.Row, ofCustomers));
            return;
        }

        // What the condition reads is not in the key: both halves stay as they are, and are told apart by all that is read of them.
        var read = Reads.Select(c => typeof(FactRow).GetProperty(c)!)
            .Select(c => Expression.Bind(c, Expression.Property(key.Row, c))).ToLookup(c => isOfCustomer(c.Member.Name));
        (_orders, _customers) = (new(key.Row, [.. read[false]]), new(key.Row, [.. read[true]]));
        _whole = Compiled<SalesRow>(key.Row, Made(key.Columns));
        _holds = key.Condition is null ? null : Compiled<bool>(key.Row, key.Condition);

        bool IsOfCustomers(MemberAssignment column) => ColumnsOf(column.Expression) is { Count: > 0 } columns && columns.All(isOfCustomer);
    }

    /// <summary>The columns of rows that it reads.</summary>
    public IReadOnlySet<string> Reads { get; }

    public static ColumnarKey OfOrders(FactKey key) => new(key, CustomerChoice.Tells);

    /// <summary>All of it is the customer's, and the owner is that of today.</summary>
    public static ColumnarKey OfCustomers(FactKey key) => new(key, _ => true);

    public Part Orders() => new(_orders);

    public Part Customers() => new(_customers);

    /// <summary>The key of an order and its customer; null when the key leaves them out.</summary>
    public SalesRow? Of(SalesRow order, SalesRow customer)
    {
        var row = order with { };
        foreach (var column in _customers.Columns)
            column.SetValue(row, column.GetValue(customer));
        return _holds?.Invoke(row) == false ? null : _whole is null ? row : _whole(row);
    }

    /// <summary>The number of the values that a row has of the key.</summary>
    public int Place(FactRow row) => _values.Place(row);

    /// <summary>Rows with the key alone, by their numbers.</summary>
    public IReadOnlyList<SalesRow> Rows => _values.Rows;

    private static IReadOnlySet<string> ColumnsOf(Expression expression) => FactQuery.Columns([expression]);

    private static MemberInitExpression Made(IEnumerable<MemberAssignment> columns) => Expression.MemberInit(Expression.New(typeof(SalesRow)), columns);

    private static Func<SalesRow, T> Compiled<T>(ParameterExpression of, Expression body)
    {
        var row = Expression.Parameter(typeof(SalesRow), "x");
        return Expression.Lambda<Func<SalesRow, T>>(Conditions.Replace(body, of, row), row).Compile();
    }

    /// <summary>What the key takes of one half of a row.</summary>
    public sealed class Half(ParameterExpression row, IReadOnlyList<MemberAssignment> columns)
    {
        public IReadOnlyList<PropertyInfo> Columns { get; } = [.. columns.Select(c => (PropertyInfo)c.Member)];
        public Func<SalesRow, SalesRow> Of { get; } = columns.Count == 0 ? _ => new() : Compiled<SalesRow>(row, Made(columns));
    }

    /// <summary>The values of one half, each once.</summary>
    public sealed class Part(Half half)
    {
        private readonly KeyRows<SalesRow> _values = new(half.Columns.Select(c => c.Name));

        public IReadOnlyList<SalesRow> Rows => _values.Rows;

        public int Place(SalesRow row) => _values.Place(half.Of(row));
    }
}
