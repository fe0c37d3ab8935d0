using System.Linq.Expressions;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Whose facts count, and by which of their own attributes they are told apart: a question whose answer stays until customers change.</summary>
internal sealed class CustomerChoice
{
    /// <summary>What is kept of customers, and changes when they are scored again.</summary>
    private static readonly string[] _ofScores =
        [nameof(FactRow.RfmGroup), nameof(FactRow.ValueClass), nameof(FactRow.Cluster), nameof(FactRow.ProbabilityAlive)];

    /// <summary>What is the customer's own, and by which there are not as many groups as customers.</summary>
    private static readonly HashSet<string> _ofCustomers =
    [
        nameof(FactRow.Region), nameof(FactRow.Country), nameof(FactRow.City), nameof(FactRow.Industry), nameof(FactRow.Gender), nameof(FactRow.BirthDate),
        nameof(FactRow.LifecycleStage), nameof(FactRow.AcquisitionChannel), nameof(FactRow.CustomerKind), nameof(FactRow.Occupation), nameof(FactRow.Scope),
        .. AskedAttribute.Columns(nameof(FactRow.Attribute)), .. _ofScores,
    ];

    private static readonly string[] _alone = ["customers"], _scores = ["customer_scores"];

    private readonly FactContext _context;

    /// <param name="columns">By what customers are told apart.</param>
    public CustomerChoice(FactContext context, IEnumerable<string> columns) => (_context, Columns) = (context, [.. columns.Order(StringComparer.Ordinal)]);

    /// <summary>By what customers are told apart.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Everybody counts, guests too, and nobody is told apart.</summary>
    public bool IsEverybody => _context.Customers is null && Columns.Count == 0;

    /// <summary>Guests are among those who are told apart.</summary>
    public bool HasGuests => _context.Customers is null;

    /// <summary>The tables from which the answer follows.</summary>
    public IReadOnlyCollection<string> Tables =>
        _context.Customers is { } condition && !ReadsOwnAlone(condition) ? MetricReads.OfCustomers
        : [.. Columns.Any(CustomerWords.Own.Contains) ? [.. MetricReads.Attributes.Tables] : _alone, .. Columns.Any(_ofScores.Contains) ? _scores : []];

    /// <summary>Whether customers can be told apart by a column.</summary>
    public static bool Tells(string column) => _ofCustomers.Contains(column);

    /// <summary>The known customers who count and have a number above this one, with their numbers and <see cref="Columns"/>.</summary>
    public IQueryable<SalesRow> Customers(int above)
    {
        var all = _context.Database.Customers.AsNoTracking();
        return FactQuery.Project(
            _context.Words, _context.Database.CustomerNumbers.AsNoTracking().Where(n => n.Number > above),
            new HashSet<string>([.. Columns, nameof(SalesRow.Number)]), n => new SalesRow { Number = n.Number }, n => n.CustomerId,
            _context.Customers is { } condition ? all.Where(condition) : all, restricted: true);
    }

    /// <summary>The guests, with their ids and <see cref="Columns"/>.</summary>
    public IQueryable<FactRow> Guests()
    {
        var (first, last) = (Data.Model.Guests.First, Data.Model.Guests.Last);
        return FactQuery.Project(
            _context.Words, _context.Database.Customers.AsNoTracking().Where(c => c.Id >= first && c.Id <= last),
            new HashSet<string>([.. Columns, nameof(FactRow.CustomerId)]), c => new FactRow { CustomerId = c.Id });
    }

    private static bool ReadsOwnAlone(Expression<Func<Customer, bool>> condition)
    {
        var own = new OwnColumns(condition.Parameters[0]);
        own.Visit(condition.Body);
        return !own.Fails;
    }

    /// <summary>Finds what is not a plain column of the customer.</summary>
    private sealed class OwnColumns(ParameterExpression customer) : ExpressionVisitor
    {
        public bool Fails { get; private set; }

        protected override Expression VisitMember(MemberExpression node)
        {
            // Rows of other tables, through whatever they are reached.
            Fails |= typeof(IQueryable).IsAssignableFrom(node.Type);
            if (node.Expression != customer)
                return base.VisitMember(node);
            var type = Nullable.GetUnderlyingType(node.Type) ?? node.Type;
            Fails |= !type.IsValueType && type != typeof(string);
            return node;
        }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Fails |= node == customer;
            return node;
        }

        protected override Expression VisitConstant(ConstantExpression node)
        {
            Fails |= node.Value is IQueryable;
            return node;
        }

        protected override Expression VisitExtension(Expression node)
        {
            Fails = true;
            return node;
        }
    }
}
