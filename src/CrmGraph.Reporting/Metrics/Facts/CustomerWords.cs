using System.Linq.Expressions;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>Where the words of customers are read.</summary>
internal sealed record WordTables(CrmDbContext Database, IReadOnlyList<AskedAttribute> Attributes);

/// <summary>
/// A customer with one of his tags, one of his interests and his values of attributes: a row for each, and one without a word for whoever has none.
/// </summary>
internal sealed class CustomerWords
{
    /// <summary>The columns of words.</summary>
    public static IReadOnlyList<string> Own { get; } = [nameof(Tag), nameof(Interest), .. AskedAttribute.Columns(nameof(Attribute))];

    public required Customer Customer { get; init; }
    public string? Tag { get; init; }
    public string? Interest { get; init; }
    public string? Attribute { get; init; }
    public string? Attribute2 { get; init; }
    public string? Attribute3 { get; init; }
    public string? Attribute4 { get; init; }

    public static bool Needed(IReadOnlySet<string> columns) => Own.Any(columns.Contains);

    public static IQueryable<CustomerWords> Of(WordTables tables, IQueryable<Customer> customers, IReadOnlySet<string> columns)
    {
        var db = tables.Database;
        var words = customers.Select(c => new CustomerWords { Customer = c });
        List<string> before = [nameof(Customer)];
        if (columns.Contains(nameof(Tag)))
            words = words.LeftJoin(db.WordsOfCustomers("tags"), w => w.Customer.Id, t => t.CustomerId, With<CustomerWord>(before, nameof(Tag), t => t.Word));
        if (columns.Contains(nameof(Interest)))
            words = words.LeftJoin(
                db.WordsOfCustomers("interests"), w => w.Customer.Id, t => t.CustomerId, With<CustomerWord>(before, nameof(Interest), t => t.Word));
        foreach (var attribute in tables.Attributes.Where(a => Own.Contains(a.Column) && columns.Contains(a.Column)))
        {
            var key = attribute.Key;
            Expression<Func<CustomerAttribute, string?>> value = a => a.Value;
            words = words.LeftJoin(
                db.CustomerAttributes.Where(a => a.Key == key), w => w.Customer.Id, a => a.CustomerId,
                With(before, attribute.Column, Expression.Lambda<Func<CustomerAttribute, string?>>(attribute.Told(value.Body), value.Parameters)));
        }

        return words;
    }

    /// <summary>The words so far and one more.</summary>
    /// <param name="before">What is known so far; the new column is added to it.</param>
    private static Expression<Func<CustomerWords, T?, CustomerWords>> With<T>(List<string> before, string column, Expression<Func<T, string?>> word)
    {
        var (words, further) = (Expression.Parameter(typeof(CustomerWords), "w"), word.Parameters[0]);
        var known = before.Select(c => Expression.Bind(typeof(CustomerWords).GetProperty(c)!, Expression.Property(words, c)));
        var made = Expression.MemberInit(
            Expression.New(typeof(CustomerWords)), [.. known, Expression.Bind(typeof(CustomerWords).GetProperty(column)!, word.Body)]);
        before.Add(column);
        return Expression.Lambda<Func<CustomerWords, T?, CustomerWords>>(made, words, further);
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
