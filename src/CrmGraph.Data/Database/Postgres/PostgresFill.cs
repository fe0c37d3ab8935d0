using System.Data.Common;
using CrmGraph.Data.Database.Sqlite;

namespace CrmGraph.Data.Database.Postgres;

/// <summary>
/// The first filling of an empty database in one transaction, as <see cref="SqliteFill"/> does it: this program's triggers and all indexes of the
/// customers' tables (keys too) go and come back at the end, the indexes by sorting (in parallel), the figures by one statement. Dropped, not disabled:
/// COPY writes row by row and fills transition tables as long as a table has such triggers at all. Measured for the demo company: 36 microseconds of
/// its backend's processor time an order, with everything else of its customer, instead of 87. Other sessions wait for these tables until the end.
/// </summary>
internal static class PostgresFill
{
    private const string Tables = """
        ('customers', false), ('customer_attributes', false), ('customer_stages', false), ('customer_figures', false), ('customer_money', false),
        ('external_ids', false), ('orders', true), ('order_lines', true), ('opportunities', true), ('opportunity_stages', false), ('contracts', false),
        ('interactions', true), ('tickets', true), ('survey_answers', true), ('order_attributes', false), ('ticket_attributes', false), ('order_payments', false)
        """;

    // Triggers of others stay, and so do keys that tables of others refer to.
    private const string Parts = $"""
        with filled as (select to_regclass(quote_ident(name))::oid as id from (values {Tables}) as v (name, has_day))
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
    private const string Statistics = $"""
        do $do$
        declare t record;
        begin
            for t in select * from (values {Tables}, ('exchange_rates', false), ('products', false), ('campaign_spend', true)) as v (name, has_day)
            loop
                execute format('analyze %I', t.name);
            end loop;
        end $do$
        """;

    // Enough to sort some million keys without a temporary file.
    private const string MoreMemory =
        "select set_config('maintenance_work_mem', '256MB', true) where pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes('256MB')";

    private const string Changes = $"""
        do $do$
        declare t record;
        begin
            for t in select * from (values {Tables}) as v (name, has_day) where name not in ('customer_figures', 'customer_money', 'external_ids')
            loop
                execute format('insert into changes (transaction, "table", from_day, to_day, changed_at)
                    select pg_current_xact_id()::text::bigint, %L, %s, clock_timestamp() from %I having count(*) > 0',
                    t.name, case when t.has_day then 'min(day), max(day)' else 'null::date, null::date' end, t.name);
            end loop;
        end $do$
        """;
}
