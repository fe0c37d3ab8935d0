-- Lines follow their order: day, hour, currency, channel, owner, cancellation. Parts go with what they are a part of.

create or replace function crm_orders_changed() returns trigger language plpgsql as $$
begin
    update order_lines l
    set day = n.day, hour = n.hour, currency = n.currency, channel = n.channel, owner_id = n.owner_id, cancelled_at = n.cancelled_at, updated_at = n.updated_at
    from new_rows n join old_rows o on o.customer_id = n.customer_id and o.id = n.id
    where l.customer_id = n.customer_id and l.order_id = n.id
        and (n.day, n.hour, n.currency, n.channel, n.owner_id, n.cancelled_at) is distinct from (o.day, o.hour, o.currency, o.channel, o.owner_id, o.cancelled_at)
        and (n.day, n.hour, n.currency, n.channel, n.owner_id, n.cancelled_at) is distinct from (l.day, l.hour, l.currency, l.channel, l.owner_id, l.cancelled_at);
    return null;
end $$;
create or replace trigger b_lines_follow after update on orders referencing old table as old_rows new table as new_rows for each statement execute function crm_orders_changed();

do $do$
declare t record;
begin
    for t in select name, whole, whole_id from crm_tables where whole is not null
    loop
        execute format($f$
            create or replace function crm_go_%1$s() returns trigger language plpgsql as $$
            begin
                delete from %1$I p using old_rows o where p.customer_id = o.customer_id and p.%3$I = o.id;
                return null;
            end $$;
            create or replace trigger b_go_%1$s after delete on %2$I referencing old table as old_rows
                for each statement execute function crm_go_%1$s();
        $f$, t.name, t.whole, t.whole_id);
    end loop;
end $do$;

-- A rate whose reporting currency was changed remembers it, and holds again when that currency comes back.
create or replace function crm_settings_currency() returns trigger language plpgsql as $$
begin
    update exchange_rates set quoted_in = old.currency where quoted_in is null;
    update exchange_rates set quoted_in = null where quoted_in = new.currency;
    return null;
end $$;
create or replace trigger settings_currency after update of currency on settings for each row when (new.currency <> old.currency) execute function crm_settings_currency();
