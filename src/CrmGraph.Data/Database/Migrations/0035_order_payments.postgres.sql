-- What was paid for orders, in their currency. Payments go with their order.

create table order_payments (
    customer_id uuid not null,
    id uuid not null default crm_uuid7(),
    order_id uuid not null,
    paid_at timestamptz not null,
    amount bigint not null,
    method text collate "C",
    method_folded text collate "C",
    reference text collate "C",
    primary key (customer_id, id)
);
create index ix_order_payments_id on order_payments (id);
create index ix_order_payments_customer_id_order_id on order_payments (customer_id, order_id);

create function crm_fold_order_payments() returns trigger language plpgsql as $$ begin new.method_folded := crm_fold(new.method); return new; end $$;
create trigger d_fold before insert on order_payments for each row when (new.method_folded is null and new.method is not null) execute function crm_fold_order_payments();
create trigger d_fold_change before update on order_payments for each row
    when (new.method is distinct from old.method and new.method_folded is not distinct from old.method_folded) execute function crm_fold_order_payments();

create function crm_check_order_payments() returns trigger language plpgsql as $$
declare bad uuid;
begin
    select n.order_id into bad from new_rows n where not exists (select from orders o where o.customer_id = n.customer_id and o.id = n.order_id) limit 1;
    if found then
        raise exception 'order_payments: there is no order % of this customer', bad using errcode = 'foreign_key_violation', hint = 'Write the order first.';
    end if;
    return null;
end $$;
create trigger a_check_order after insert on order_payments referencing new table as new_rows for each statement execute function crm_check_order_payments();

create function crm_order_payments_go() returns trigger language plpgsql as $$
begin
    delete from order_payments p using old_rows o where p.customer_id = o.customer_id and p.order_id = o.id;
    return null;
end $$;
create trigger b_payments_go after delete on orders referencing old table as old_rows for each statement execute function crm_order_payments_go();

do $do$
declare event record;
begin
    for event in select * from (values
        ('insert', 'new table as new_rows', 'select * from new_rows'),
        ('update', 'old table as old_rows new table as new_rows', 'select * from old_rows union all select * from new_rows'),
        ('delete', 'old table as old_rows', 'select * from old_rows')) as v (name, tables, rows)
    loop
        execute format($f$
            create function crm_changes_order_payments_%1$s() returns trigger language plpgsql as $$
            begin
                insert into changes (transaction, "table", from_day, to_day, changed_at)
                select pg_current_xact_id()::text::bigint, 'order_payments', null::date, null::date, clock_timestamp() from (%3$s) as r having count(*) > 0;
                return null;
            end $$;
            create trigger y_changes_%1$s after %1$s on order_payments referencing %2$s for each statement execute function crm_changes_order_payments_%1$s();
        $f$, event.name, event.tables, event.rows);
    end loop;

    for event in select * from (values ('update', 'U'), ('delete', 'D')) as v (name, letter)
    loop
        execute format($f$
            create function crm_history_order_payments_%1$s() returns trigger language plpgsql as $$
            begin
                if current_setting('crmgraph.history', true) = 'off' then
                    return null;
                end if;
                insert into history ("table", row_id, customer_id, operation, changed_at, "row")
                select 'order_payments', o.id::text, o.customer_id, '%2$s', clock_timestamp(), row_to_json(o)::text from old_rows o;
                return null;
            end $$;
            create trigger z_history_%1$s after %1$s on order_payments referencing old table as old_rows for each statement execute function crm_history_order_payments_%1$s();
        $f$, event.name, event.letter);
    end loop;
end $do$;
