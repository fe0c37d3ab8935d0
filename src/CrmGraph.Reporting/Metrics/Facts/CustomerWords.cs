using System.Linq.Expressions;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Where the words of customers are read.</summary>
internal sealed record WordTables(CrmDbContext Database, AttributeKeys Attributes);

/// <summary>
/// A customer with one of his tags, one of his interests and his value of an attribute: a row for each, and one without a word for whoever has none.
/// </summary>
internal sealed class CustomerWords
{
    /// <summary>The columns of words.</summary>
    public static IReadOnlyList<string> Own { get; } = [nameof(Tag), nameof(Interest), nameof(Attribute), nameof(AttributeNumber)];

    public required Customer Customer { get; init; }
    public string? Tag { get; init; }
    public string? Interest { get; init; }
    public string? Attribute { get; init; }
    public long? AttributeNumber { get; init; }

    public static bool Needed(IReadOnlySet<string> columns) => Own.Any(columns.Contains);

    public static IQueryable<CustomerWords> Of(WordTables tables, IQueryable<Customer> customers, IReadOnlySet<string> columns)
    {
        var (db, key) = (tables.Database, tables.Attributes.Customer);
        var words = customers.Select(c => new CustomerWords { Customer = c });
        if (columns.Contains(nameof(Tag)))
            words = words.LeftJoin(
                db.WordsOfCustomers("tags"), w => w.Customer.Id, t => t.CustomerId, (w, t) => new CustomerWords { Customer = w.Customer, Tag = t!.Word });
        if (columns.Contains(nameof(Interest)))
            words = words.LeftJoin(
                db.WordsOfCustomers("interests"), w => w.Customer.Id, t => t.CustomerId,
                (w, t) => new CustomerWords { Customer = w.Customer, Tag = w.Tag, Interest = t!.Word });
        if (columns.Contains(nameof(Attribute)) || columns.Contains(nameof(AttributeNumber)))
            words = words.LeftJoin(
                db.CustomerAttributes.Where(a => a.Key == key), w => w.Customer.Id, a => a.CustomerId,
                (w, a) => new CustomerWords
                {
                    Customer = w.Customer, Tag = w.Tag, Interest = w.Interest, Attribute = a!.Value, AttributeNumber = a.Number,
                });
        return words;
    }

    /// <summary>A row made of a customer, made of these instead, with its words.</summary>
    /// <param name="before">The parameters before this one.</param>
    public static Expression<TDelegate> In<TDelegate>(
        MemberInitExpression made, ParameterExpression customer, IReadOnlySet<string> columns, params IEnumerable<ParameterExpression> before)
    {
        var words = Expression.Parameter(typeof(CustomerWords), "w");
        var row = (MemberInitExpression)Conditions.Replace(made, customer, Expression.Property(words, nameof(Customer)));
        var bindings = Own.Where(columns.Contains).Select(c => Expression.Bind(typeof(FactRow).GetProperty(c)!, Expression.Property(words, c)));
        return Expression.Lambda<TDelegate>(row.Update(row.NewExpression, row.Bindings.Concat(bindings)), [.. before, words]);
    }
}
