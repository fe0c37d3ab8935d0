using System.Linq.Expressions;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Querying;
using CrmGraph.Reporting.Querying.Filters;

namespace CrmGraph.Reporting.Customers;

/// <summary>Adds <c>search</c> to the filter of customers.</summary>
[FilterFields<Customer>]
public static class CustomerSearch
{
    public const string Words = "Words to look for, at most ten. Every word must be a part of the name, the email address or the digits of the phone number, "
        + "without regard to case, accents and width, or the beginning of an external ID. A number is also looked for without its signs. If omitted or blank, "
        + "all rows.";

    public static IEnumerable<FilterField> Fields(FilterTypes types)
    {
        yield return new CustomerSearchField(types).With(
            "Words to look for in the name, email address, phone number and external IDs: see the argument `search`.");
    }
}

/// <summary>Every word must be found: as a part of the texts, or as the beginning of an external id.</summary>
internal sealed class CustomerSearchField(FilterTypes types) : FilterField("search")
{
    public override GraphQLType Type => types.Registry.Scalar("String");
    public override double Cost => QueryCosts.Search;
    public override bool ReadsMoment => false;

    public override Expression Build(Expression row, object value, FilterContext context)
    {
        var words = SearchWord.Of(Operands.Text(value), context.Limits);
        if (words.Count == 0)
            return Expression.Constant(true);
        Expression<Func<Customer, bool>> all = words.Select(w => Found(w, context)).Aggregate((left, right) => left.And(right));
        // Found by themselves: SQLite reads an index of the texts instead of every customer.
        return context.Target == FilterTarget.Memory
            ? Lambdas.Inline(all, row)
            : Expression.Call(
                typeof(Queryable), nameof(Queryable.Contains), [typeof(Guid)], context.Database!.Customers.Where(all).Select(c => c.Id).Expression,
                Expression.Property(row, nameof(Customer.Id)));
    }

    private static Expression<Func<Customer, bool>> Found(SearchWord word, FilterContext context)
    {
        var customer = Expression.Parameter(typeof(Customer), "c");
        var text = Expression.Property(customer, nameof(Customer.SearchText));
        Expression found = Expression.OrElse(Part(text, word.Plain), ByKey(word, customer, context));
        if (word.Digits is { } digits)
            found = Expression.OrElse(Part(text, digits), found);
        return Expression.Lambda<Func<Customer, bool>>(found, customer);
    }

    private static MethodCallExpression Part(Expression text, string part) => Expression.Call(
        text, typeof(string).GetMethod(nameof(string.Contains), [typeof(string)])!, QueryParameter.Of(part, typeof(string)));

    /// <summary>Nobody is found by what is left of erased and merged customers.</summary>
    private static Expression ByKey(SearchWord word, Expression customer, FilterContext context)
    {
        var (from, until) = (word.Key, FoldedText.AfterPrefix(word.Key) ?? word.Key);
#pragma warning disable CA1304, CA1309, CA1310, CA1311 // SQL compares by the collation C.
        if (context.Target == FilterTarget.Memory)
        {
            Expression<Func<Customer, bool>> known = c => c.ExternalIds.Any(e => e.Entity == ExternalEntity.Customer && e.Source != ExternalSources.Merged
                && !e.Key.StartsWith(ExternalSources.ErasedKeys) && FoldedText.LowerAscii(e.Key)!.StartsWith(from, StringComparison.Ordinal));
            return Lambdas.Inline(known, customer);
        }

        var ids = context.Database!.ExternalIds.Where(e => e.Entity == ExternalEntity.Customer && e.Source != ExternalSources.Merged
            && !e.Key.StartsWith(ExternalSources.ErasedKeys)
            && string.Compare(e.Key.ToLower(), from) >= 0 && string.Compare(e.Key.ToLower(), until) < 0);
#pragma warning restore CA1304, CA1309, CA1310, CA1311
        return Expression.Call(
            typeof(Queryable), nameof(Queryable.Contains), [typeof(Guid)], ids.Select(e => e.Id).Expression,
            Expression.Property(customer, nameof(Customer.Id)));
    }
}

/// <summary>A word that is searched for.</summary>
/// <param name="Plain">As <see cref="SearchText"/> has it.</param>
/// <param name="Key">As external ids are compared.</param>
/// <param name="Digits">A number without its signs; null when it is none, or has none.</param>
internal sealed record SearchWord(string Plain, string Key, string? Digits)
{
    public static IReadOnlyList<SearchWord> Of(string text, CrmLimits limits)
    {
        if (text.Length > limits.NameCharacters)
            throw TooLarge($"The text of `search` has {text.Length} characters; at most {limits.NameCharacters} are allowed.");
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > limits.SearchWords)
            throw TooLarge($"`search` has {words.Length} words; at most {limits.SearchWords} are allowed.");
        return [.. words.Select(w => new SearchWord(SearchText.Plain(w), FoldedText.LowerAscii(w)!, DigitsOf(w)))];
    }

    /// <summary>A zero before an area code, or two before a country's, may be missing where the number stands with its country.</summary>
    private static string? DigitsOf(string word)
    {
        if (FoldedText.Fold(word)!.Any(c => !char.IsAsciiDigit(c) && !"+-()./".Contains(c)))
            return null;
        var digits = SearchText.Digits(word);
        var zeros = digits.StartsWith("00", StringComparison.Ordinal) ? 2 : digits.StartsWith('0') ? 1 : 0;
        if (zeros < digits.Length)
            digits = digits[zeros..];
        return digits.Length == 0 || digits == word ? null : digits;
    }

    private static GraphQLException TooLarge(string message) => new(QueryErrorCodes.FilterTooLarge, message);
}
