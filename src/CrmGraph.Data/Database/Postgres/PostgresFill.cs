using System.Data.Common;
using CrmGraph.Data.Database.Sqlite;
using CrmGraph.Data.Model;

namespace CrmGraph.Data.Database.Postgres;

/// <summary>
/// The first filling of an empty database in one transaction, as <see cref="SqliteFill"/> does it: this program's triggers and all indexes of the
/// customers' tables (keys too) go and come back at the end, the indexes by sorting (in parallel), the figures by one statement. Dropped, not disabled:
/// COPY writes row by row and fills transition tables as long as a table has such triggers at all. Measured for the demo company: 36 microseconds of
/// its backend's processor time an order, with everything else of its customer, instead of 87. Other sessions wait for these tables until the end.
/// </summary>
internal static class PostgresFill
{
    private static readonly string Filled = string.Join(", ", Tables.All.Where(t => t.Customer is not null).Select(t => $"('{t.Name}')"));

    // Triggers of others stay, and so do keys that tables of others refer to.
    private static readonly string Parts = $"""
        with filled as (select to_regclass(quote_ident(name))::oid as id from (values {Filled}) as v (name))
        select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid), i.indexrelid::regclass::text as name
        from pg_index i join filled f on f.id = i.indrelid where not exists (select from pg_constraint c where c.conindid = i.indexrelid)
        union all
        select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname),
            format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)), c.conname
        from pg_constraint c join filled f on f.id = c.conrelid
        where c.contype = 'p' and not exists (select from pg_constraint r where r.confrelid = c.conrelid)
        union all
        select format('drop trigger %I on %s', t.tgname, t.tgrelid::regclass), pg_get_triggerdef(t.oid), t.tgname
        from pg_trigger t join filled f on f.id = t.tgrelid join pg_proc p on p.oid = t.tgfoid
        where not t.tgisinternal and t.tgenabled = 'O' and p.proname like 'crm\_%'
        order by 1
        """;

    // What the statement triggers would have written, for all rows at once.
    private const string Figures = """
        insert into customer_figures (customer_id, first_purchase_day, last_purchase_day, order_count)
        select c.id, o.first, o.last, coalesce(o.sales, 0) from customers c
        left join (select customer_id, min(day) as first, max(day) as last, count(*) as sales from orders
            where kind = 'SALE' and cancelled_at is null group by customer_id) as o on o.customer_id = c.id order by c.id;
        insert into customer_money (customer_id, currency, gross_amount, returned_amount)
        select customer_id, currency, sum(gross_amount), sum(returned_amount) from orders where cancelled_at is null
        group by customer_id, currency having sum(gross_amount) <> 0 or sum(returned_amount) <> 0 order by customer_id, currency
        """;

    public static async Task<IReadOnlyList<string>> BeginAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        var again = new List<string>();
        var drops = new List<string>();
        await using (var command = connection.CreateCommand())
        {
            command.Transaction = transaction;
            command.CommandText = Parts;
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                drops.Add(reader.GetString(0));
                again.Add(reader.GetString(1));
            }
        }
        await Rezoning.ExecuteAsync(connection, transaction, string.Join(";\n", drops), cancellationToken);
        return again;
    }

    public static async Task EndAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<string> again, CancellationToken cancellationToken)
    {
        await Rezoning.ExecuteAsync(connection, transaction, MoreMemory, cancellationToken);
        await Rezoning.ExecuteAsync(connection, transaction, Figures, cancellationToken);
        foreach (var sql in again)
            await Rezoning.ExecuteAsync(connection, transaction, sql, cancellationToken);
        await Rezoning.ExecuteAsync(connection, transaction, Changes, cancellationToken);
        await Rezoning.ExecuteAsync(connection, transaction, "insert into rollup_marks (day) values (null)", cancellationToken);
        await Rezoning.ExecuteAsync(connection, transaction, Statistics, cancellationToken);
    }

    // Until the server analyses tables by itself, a minute later, its plans would be those of empty ones.
    private static readonly string Statistics = $"""
        do $do$
        declare t record;
        begin
            for t in select * from (values {Filled}, ('exchange_rates'), ('products'), ('campaign_spend')) as v (name)
            loop
                execute format('analyze %I', t.name);
            end loop;
        end $do$
        """;

    // Enough to sort some million keys without a temporary file.
    private const string MoreMemory =
        "select set_config('maintenance_work_mem', '256MB', true) where pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes('256MB')";

    private static readonly string Changes = string.Join(";\n", Tables.OfCustomers.Select(t => $"""
        insert into changes (transaction, "table", from_day, to_day, changed_at)
        select pg_current_xact_id()::text::bigint, '{t.Name}', {(t.Day is null ? "null::date, null::date" : "min(day), max(day)")}, clock_timestamp()
        from {t.Name} having count(*) > 0
        """));
}
