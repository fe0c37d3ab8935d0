-- A table that is emptied has changed on every day.

create function crm_changes_truncated() returns trigger language plpgsql as $$
begin
    insert into changes (transaction, "table", changed_at) values (pg_current_xact_id()::text::bigint, tg_table_name, clock_timestamp());
    return null;
end $$;

do $do$
declare t text;
begin
    -- Those of orders is noted by the trigger that empties the figures.
    for t in select tgrelid::regclass::text from pg_trigger where tgname = 'y_changes_insert' and tgrelid <> 'orders'::regclass
    loop
        execute format('create trigger y_changes_truncate after truncate on %s for each statement execute function crm_changes_truncated()', t);
    end loop;
end $do$;
