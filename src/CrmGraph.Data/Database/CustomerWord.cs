using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Data.Database;

/// <summary>One of the words in a list of a customer's: a tag, an interest.</summary>
internal sealed class CustomerWord
{
    public Guid CustomerId { get; init; }
    public string Word { get; init; } = "";
}

/// <summary>Lists of words as rows. EF cannot take the members of a list of each row in turn on SQLite.</summary>
internal static class CustomerWordRows
{
    /// <param name="column">A column of customers that holds a list; it becomes SQL as it is.</param>
    public static IQueryable<CustomerWord> WordsOfCustomers(this CrmDbContext database, string column)
    {
        var sql = database.Database.IsNpgsql()
            ? """select c.id as "CustomerId", w as "Word" from customers c, unnest(c.WORDS) w"""
            : """select c.id as "CustomerId", w.value as "Word" from customers c, json_each(c.WORDS) w""";
        return database.Database.SqlQueryRaw<CustomerWord>(sql.Replace("WORDS", column, StringComparison.Ordinal));
    }
}
