-- Free attributes of orders and tickets, as customers have them. They go with their row.

create table order_attributes (
    customer_id uuid not null,
    fact_id uuid not null,
    "key" text collate "C" not null,
    value text collate "C" not null,
    value_folded text collate "C" not null,
    primary key (customer_id, fact_id, "key")
);
create index ix_order_attributes_key_value_folded on order_attributes ("key", value_folded);

create table ticket_attributes (
    customer_id uuid not null,
    fact_id uuid not null,
    "key" text collate "C" not null,
    value text collate "C" not null,
    value_folded text collate "C" not null,
    primary key (customer_id, fact_id, "key")
);
create index ix_ticket_attributes_key_value_folded on ticket_attributes ("key", value_folded);

do $do$
declare
    t record;
    event record;
begin
    for t in select * from (values ('order', 'orders'), ('ticket', 'tickets')) as v (one, many)
    loop
        execute format($f$
            create function crm_fold_%1$s_attributes() returns trigger language plpgsql as $$ begin new.value_folded := crm_fold(new.value); return new; end $$;
            create trigger d_fold before insert on %1$s_attributes for each row when (new.value_folded is null) execute function crm_fold_%1$s_attributes();
            create trigger d_fold_change before update on %1$s_attributes for each row
                when (new.value is distinct from old.value and new.value_folded is not distinct from old.value_folded) execute function crm_fold_%1$s_attributes();

            create function crm_check_fact_%1$s_attributes() returns trigger language plpgsql as $$
            declare bad uuid;
            begin
                select n.fact_id into bad from new_rows n where not exists (select from %2$s f where f.customer_id = n.customer_id and f.id = n.fact_id) limit 1;
                if found then
                    raise exception '%1$s_attributes: there is no %1$s %% of this customer', bad using errcode = 'foreign_key_violation', hint = 'Write the %1$s first.';
                end if;
                return null;
            end $$;
            create trigger a_check_fact after insert on %1$s_attributes referencing new table as new_rows for each statement execute function crm_check_fact_%1$s_attributes();

            create function crm_%1$s_attributes_go() returns trigger language plpgsql as $$
            begin
                delete from %1$s_attributes a using old_rows o where a.customer_id = o.customer_id and a.fact_id = o.id;
                return null;
            end $$;
            create trigger b_attributes_go after delete on %2$s referencing old table as old_rows for each statement execute function crm_%1$s_attributes_go();
        $f$, t.one, t.many);

        for event in select * from (values
            ('insert', 'new table as new_rows', 'select * from new_rows'),
            ('update', 'old table as old_rows new table as new_rows', 'select * from old_rows union all select * from new_rows'),
            ('delete', 'old table as old_rows', 'select * from old_rows')) as v (name, tables, rows)
        loop
            execute format($f$
                create function crm_changes_%1$s_attributes_%2$s() returns trigger language plpgsql as $$
                begin
                    insert into changes (transaction, "table", from_day, to_day, changed_at)
                    select pg_current_xact_id()::text::bigint, '%1$s_attributes', null::date, null::date, clock_timestamp() from (%4$s) as r having count(*) > 0;
                    return null;
                end $$;
                create trigger y_changes_%2$s after %2$s on %1$s_attributes referencing %3$s for each statement execute function crm_changes_%1$s_attributes_%2$s();
            $f$, t.one, event.name, event.tables, event.rows);
        end loop;

        for event in select * from (values ('update', 'U'), ('delete', 'D')) as v (name, letter)
        loop
            execute format($f$
                create function crm_history_%1$s_attributes_%2$s() returns trigger language plpgsql as $$
                begin
                    if current_setting('crmgraph.history', true) = 'off' then
                        return null;
                    end if;
                    insert into history ("table", row_id, customer_id, operation, changed_at, "row")
                    select '%1$s_attributes', o.fact_id || '/' || o.key, o.customer_id, '%3$s', clock_timestamp(), row_to_json(o)::text from old_rows o;
                    return null;
                end $$;
                create trigger z_history_%2$s after %2$s on %1$s_attributes referencing old table as old_rows for each statement execute function crm_history_%1$s_attributes_%2$s();
            $f$, t.one, event.name, event.letter);
        end loop;
    end loop;
end $do$;
