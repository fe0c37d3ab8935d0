using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Data.Database.Postgres;

/// <summary>Many rows by what names them, in one statement.</summary>
internal static class PostgresLookups
{
    // One descent for each key, whatever the statistics say: of a table that was just filled the planner took all keys of the source to be one, and
    // read them all for each statement.
    private const string ByKeys = """
        select x.* from unnest({2}) as k (value)
        cross join lateral (select * from external_ids where entity = {0} and source = {1} and "key" = k.value limit 1) as x
        """;

    // In the order of the ids, so that two writers never wait for each other in a circle.
    private const string Locked = "select * from customers where id = any({0}) order by id for no key update";

    public static IQueryable<ExternalId> ExternalIds(CrmDbContext context, ExternalEntity entity, string source, string[] keys) =>
        context.ExternalIds.FromSqlRaw(ByKeys, EnumTexts<ExternalEntity>.Text(entity), source, keys).AsNoTracking();

    public static IQueryable<T> ByIds<T>(CrmDbContext context, Guid[] ids) where T : class
    {
        var sql = "select * from " + context.Model.FindEntityType(typeof(T))!.GetTableName() + " where id = any({0})";
        return context.Set<T>().FromSqlRaw(sql, ids).AsNoTracking();
    }

    public static IQueryable<Customer> Lock(CrmDbContext context, Guid[] ids) => context.Customers.FromSqlRaw(Locked, ids).AsNoTracking();
}
