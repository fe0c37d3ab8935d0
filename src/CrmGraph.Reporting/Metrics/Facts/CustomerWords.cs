using System.Linq.Expressions;
using CrmGraph.Data.Database;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Metrics.Facts;

/// <summary>A customer with one of his tags and one of his interests: a row for each, and one without a word for whoever has none.</summary>
internal sealed class CustomerWords
{
    public required Customer Customer { get; init; }
    public string? Tag { get; init; }
    public string? Interest { get; init; }

    public static bool Needed(IReadOnlySet<string> columns) => columns.Contains(nameof(Tag)) || columns.Contains(nameof(Interest));

    public static IQueryable<CustomerWords> Of(CrmDbContext db, IQueryable<Customer> customers, IReadOnlySet<string> columns)
    {
        var words = customers.Select(c => new CustomerWords { Customer = c });
        if (columns.Contains(nameof(Tag)))
            words = words.LeftJoin(
                db.WordsOfCustomers("tags"), w => w.Customer.Id, t => t.CustomerId, (w, t) => new CustomerWords { Customer = w.Customer, Tag = t!.Word });
        if (columns.Contains(nameof(Interest)))
            words = words.LeftJoin(
                db.WordsOfCustomers("interests"), w => w.Customer.Id, t => t.CustomerId,
                (w, t) => new CustomerWords { Customer = w.Customer, Tag = w.Tag, Interest = t!.Word });
        return words;
    }

    /// <summary>A row made of a customer, made of these instead, with its words.</summary>
    /// <param name="before">The parameters before this one.</param>
    public static Expression<TDelegate> In<TDelegate>(
        MemberInitExpression made, ParameterExpression customer, IReadOnlySet<string> columns, params IEnumerable<ParameterExpression> before)
    {
        var words = Expression.Parameter(typeof(CustomerWords), "w");
        var row = (MemberInitExpression)Conditions.Replace(made, customer, Expression.Property(words, nameof(Customer)));
        string[] own = [nameof(Tag), nameof(Interest)];
        var bindings = own.Where(columns.Contains).Select(c => Expression.Bind(typeof(FactRow).GetProperty(c)!, Expression.Property(words, c)));
        return Expression.Lambda<TDelegate>(row.Update(row.NewExpression, row.Bindings.Concat(bindings)), [.. before, words]);
    }
}
