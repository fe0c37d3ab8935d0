using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Migrations;
using CrmGraph.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

public sealed class MigrationTests
{
    public static TheoryData<string> BadConnectionStrings
        => ["", "nonsense", "Colour=blue", "Data Source=:memory:", "Data Source=x;Mode=Memory", "Data Source=x;Colour=blue", "Host=x;Port=many"];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_migrated_catalog_is_the_model_of_EF(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await using var context = database.CreateContext();
        var expected = context.Model.GetRelationalModel().Tables.SelectMany(t => t.Columns.Select(c => Describe(t, c, kind))).Order(StringComparer.Ordinal);

        var actual = (await CatalogAsync(database)).Where(c => c.Split('.')[0] is not ("migrations" or "bulk_inserts" or "paused_indexes"))
            .Order(StringComparer.Ordinal);

        Assert.Equal(string.Join('\n', expected), string.Join('\n', actual));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Migrating_twice_and_at_once_is_migrating_once(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(kind);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => database.Engine.MigrateAsync())));
        await database.Engine.MigrateAsync();

        var numbers = (await database.QueryAsync("select number from migrations where number > 0 order by number")).Select(r => Convert.ToInt32(r[0], null));
        Assert.Equal(Migrator.MigrationsFor(database.Engine).Select(m => m.Number), numbers);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_changed_migration_is_refused_by_name(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var migrations = Migrator.MigrationsFor(database.Engine).ToList();
        migrations[0] = new Migration(1, migrations[0].Name, migrations[0].Sql + "-- changed");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Migrator.RunAsync(database.Engine, migrations, default));

        Assert.Contains("0001_tables was changed", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_database_of_a_newer_program_is_refused(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        await database.ExecuteAsync("insert into migrations values (9999, 'later', 'x', 'x')");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => database.Engine.MigrateAsync());

        Assert.Contains("newer version", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_migration_that_fails_leaves_nothing_behind(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        Migration[] migrations = [.. Migrator.MigrationsFor(database.Engine),
            new(9000, "9000_bad", "create table half (x integer); select no_such_function_1(2);")];

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Migrator.RunAsync(database.Engine, migrations, default));

        Assert.DoesNotContain(await CatalogAsync(database), c => c.StartsWith("half.", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Triggers_of_another_text_are_made_anew_and_all_others_stay(DatabaseKind kind)
    {
        await using var database = TestDatabase.Create(kind);
        var before = await TriggersAsync(database);
        await database.ExecuteAsync(kind == DatabaseKind.Sqlite
            ? "drop trigger orders_figures_update; create trigger customers_own after delete on customers begin select 1; end"
            : "drop trigger b_figures_update on orders; create trigger own after delete on customers execute function crm_changes_truncated()");
        await database.Engine.MigrateAsync();
        // The text is what the database was last given: nothing is looked for.
        Assert.NotEqual(before, await TriggersAsync(database));

        await database.ExecuteAsync("update migrations set hash = 'that of another version' where number = 0");
        await database.Engine.MigrateAsync();

        await database.ExecuteAsync(kind == DatabaseKind.Sqlite ? "drop trigger customers_own" : "drop trigger own on customers");
        Assert.Equal(before, await TriggersAsync(database));
    }

    private static async Task<List<string>> TriggersAsync(TestDatabase database) =>
        [.. (await database.QueryAsync(database.Kind == DatabaseKind.Sqlite
            ? "select sql from sqlite_master where type = 'trigger' order by name"
            : """
              select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal union all
              select pg_get_functiondef(oid) from pg_proc where proname like 'crm\_%' order by 1
              """)).Select(row => (string)row[0]!)];

    [Fact]
    public void Line_ends_do_not_change_a_migrations_hash() => Assert.Equal(new Migration(1, "a", "x;\ny;").Hash, new Migration(1, "a", "x;\r\ny;").Hash);

    [Theory, MemberData(nameof(BadConnectionStrings))]
    public void A_connection_string_without_a_database_says_what_to_write(string text)
    {
        var error = Assert.Throws<ArgumentException>(() => DatabaseEngine.Create(text));
        Assert.Contains("'", error.Message, StringComparison.Ordinal);
    }

    private static string Describe(ITable table, IColumn column, DatabaseKind kind)
    {
        var columns = table.PrimaryKey!.Columns.Select(c => c.Name).ToList();
        // On PostgreSQL such a key finds by the id alone, too.
        if (kind == DatabaseKind.Postgres && columns is ["customer_id", "id"] && table.Name != "contracts")
            columns.Reverse();
        var key = columns.IndexOf(column.Name) + 1;
        var type = column.StoreType.ToLowerInvariant();
        var collation = kind == DatabaseKind.Postgres && type is "text" or "text[]" ? ":C" : "";
        return $"{table.Name}.{column.Name} {type}{collation} {(column.IsNullable ? "null" : "not null")} key {key}";
    }

    private static async Task<IReadOnlyList<string>> CatalogAsync(TestDatabase database)
    {
        var rows = await database.QueryAsync(database.Kind == DatabaseKind.Sqlite ? SqliteCatalog : PostgresCatalog);
        return [.. rows.Select(r => (string)r[0]!)];
    }

    private const string SqliteCatalog = """
        select t.name || '.' || c.name || ' ' || lower(c.type) || case when c."notnull" then ' not null' else ' null' end || ' key ' || c.pk
        from sqlite_master t, pragma_table_xinfo(t.name) c where t.type = 'table' and t.name not like 'sqlite_%'
        """;

    private const string PostgresCatalog = """
        select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
            || case when a.atttypid in ('text'::regtype, 'text[]'::regtype) then ':' || coalesce((select collname from pg_collation o where o.oid = a.attcollation), '') else '' end
            || case when a.attnotnull then ' not null' else ' null' end || ' key '
            || coalesce((select array_position(i.indkey::int2[], a.attnum) + 1 from pg_index i where i.indrelid = c.oid and i.indisprimary), 0)
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
        """;
}
