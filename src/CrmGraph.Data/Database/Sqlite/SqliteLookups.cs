using System.Text.Json;
using CrmGraph.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Data.Database.Sqlite;

/// <summary>
/// Many rows by what names them, in one statement: the driver finds a parameter by its name among all of the statement's, so that with one for each the
/// search costs more than the rows.
/// </summary>
internal static class SqliteLookups
{
    // A cross join is not turned around: one descent for each key.
    private const string ByKeys = """
        select x.* from json_each({2}) as k cross join external_ids as x where x.entity = {0} and x.source = {1} and x."key" = k.value
        """;

    public static IQueryable<ExternalId> ExternalIds(CrmDbContext context, ExternalEntity entity, string source, string[] keys) =>
        context.ExternalIds.FromSqlRaw(ByKeys, EnumTexts<ExternalEntity>.Text(entity), source, JsonSerializer.Serialize(keys)).AsNoTracking();

    public static IQueryable<T> ByIds<T>(CrmDbContext context, Guid[] ids) where T : class
    {
        var table = context.Model.FindEntityType(typeof(T))!.GetTableName();
        var sql = "select x.* from json_each({0}) as k cross join " + table + " as x where x.id = unhex(k.value, '-')";
        return context.Set<T>().FromSqlRaw(sql, JsonSerializer.Serialize(ids)).AsNoTracking();
    }
}
