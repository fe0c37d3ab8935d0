-- Changes: a hint per statement for servers with live queries, with the days that the statement touched. A table that is emptied has changed on every
-- day; that of orders is noted where the figures are emptied.

create or replace function crm_changes_truncated() returns trigger language plpgsql as $$
begin
    insert into changes (transaction, "table", changed_at) values (pg_current_xact_id()::text::bigint, tg_table_name, clock_timestamp());
    return null;
end $$;

do $do$
declare
    t record;
    event record;
begin
    for t in select name, day from crm_tables where has_changes
    loop
        for event in select * from (values
            ('insert', 'new table as new_rows', 'select * from new_rows'),
            ('update', 'old table as old_rows new table as new_rows', 'select * from old_rows union all select * from new_rows'),
            ('delete', 'old table as old_rows', 'select * from old_rows')) as v (name, tables, rows)
        loop
            execute format($f$
                create or replace function crm_changes_%1$s_%2$s() returns trigger language plpgsql as $$
                begin
                    insert into changes (transaction, "table", from_day, to_day, is_new, changed_at)
                    select pg_current_xact_id()::text::bigint, '%1$s', %5$s, tg_op = 'INSERT', clock_timestamp() from (%4$s) as r having count(*) > 0;
                    return null;
                end $$;
                create or replace trigger y_changes_%2$s after %2$s on %1$s referencing %3$s
                    for each statement execute function crm_changes_%1$s_%2$s();
            $f$, t.name, event.name, event.tables, event.rows, case when t.day is null then 'null::date, null::date' else 'min(day), max(day)' end);
        end loop;
        if t.name <> 'orders' then
            execute format('create or replace trigger y_changes_truncate after truncate on %I
                for each statement execute function crm_changes_truncated()', t.name);
        end if;
    end loop;
end $do$;

-- History: the old row of every update and deletion, as JSON.

do $do$
declare
    t record;
    event record;
begin
    for t in select name, history_id as id, coalesce('o.' || customer, 'null::uuid') as customer from crm_tables where has_history
    loop
        for event in select * from (values ('update', 'U'), ('delete', 'D')) as v (name, letter)
        loop
            execute format($f$
                create or replace function crm_history_%1$s_%2$s() returns trigger language plpgsql as $$
                begin
                    if current_setting('crmgraph.history', true) = 'off' then
                        return null;
                    end if;
                    insert into history ("table", row_id, customer_id, operation, changed_at, "row")
                    select '%1$s', %3$s, %4$s, '%5$s', clock_timestamp(), row_to_json(o)::text from old_rows o;
                    return null;
                end $$;
                create or replace trigger z_history_%2$s after %2$s on %1$s referencing old table as old_rows
                    for each statement execute function crm_history_%1$s_%2$s();
            $f$, t.name, event.name, t.id, t.customer, event.letter);
        end loop;
    end loop;
end $do$;

-- Whose reports may no longer be shown: the owners of customers, and of customers of facts, that went to somebody else or were deleted.

create or replace function crm_customer_departed() returns trigger language plpgsql as $$
begin
    insert into owner_departures (owner_id) values (old.owner_id);
    return null;
end $$;
create or replace trigger x_departed_update after update of owner_id, is_guest on customers for each row
    when (old.owner_id is not null and (new.owner_id is distinct from old.owner_id or new.is_guest)) execute function crm_customer_departed();
create or replace trigger x_departed_delete after delete on customers for each row when (old.owner_id is not null) execute function crm_customer_departed();

create or replace function crm_fact_departed() returns trigger language plpgsql as $$
begin
    insert into owner_departures (owner_id) select owner_id from customers where id = old.customer_id and owner_id is not null;
    return null;
end $$;

do $do$
declare t text;
begin
    for t in select name from crm_tables where is_fact
    loop
        execute format('create or replace trigger x_departed_update after update of customer_id on %I for each row
            when (new.customer_id <> old.customer_id) execute function crm_fact_departed()', t);
        execute format('create or replace trigger x_departed_delete after delete on %I for each row execute function crm_fact_departed()', t);
    end loop;
end $do$;
