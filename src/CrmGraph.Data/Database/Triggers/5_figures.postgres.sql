-- Figures and money of customers. Every customer has a row of figures; money has a row where a sum is not zero.
-- Customers are taken in order, so that two writers never wait for each other in a circle. Sums are moved by differences: the upsert waits for
-- a writer of the same customer and then adds to what that one left. First and last day, when a boundary was taken away, are read again after
-- that wait, in a statement of their own, which sees what the other has committed.

create or replace function crm_customers_inserted() returns trigger language plpgsql as $$
begin
    insert into customer_figures (customer_id) select id from new_rows on conflict (customer_id) do nothing;
    -- An importer that knows the stages writes them before the customer.
    insert into customer_stages (customer_id, stage, "from")
    select n.id, n.lifecycle_stage, n.created_at from new_rows n
    where not exists (select from customer_stages s where s.customer_id = n.id);
    return null;
end $$;
create or replace trigger b_inserted after insert on customers referencing new table as new_rows for each statement execute function crm_customers_inserted();

create or replace function crm_customers_stage() returns trigger language plpgsql as $$
begin
    update customer_stages s set "to" = n.updated_at
    from new_rows n join old_rows o on o.id = n.id
    where n.lifecycle_stage <> o.lifecycle_stage and s.customer_id = n.id and s."to" is null;
    insert into customer_stages (customer_id, stage, "from")
    select n.id, n.lifecycle_stage, n.updated_at from new_rows n join old_rows o on o.id = n.id where n.lifecycle_stage <> o.lifecycle_stage
    on conflict (customer_id, "from") do update set stage = excluded.stage, "to" = null;
    return null;
end $$;
create or replace trigger b_stage after update on customers referencing old table as old_rows new table as new_rows for each statement execute function crm_customers_stage();

create or replace function crm_orders_inserted() returns trigger language plpgsql as $$
begin
    insert into customer_figures as f (customer_id, first_purchase_day, last_purchase_day, order_count)
    select customer_id, min(day), max(day), count(*) from new_rows
    where kind = 'SALE' and cancelled_at is null group by customer_id order by customer_id
    on conflict (customer_id) do update set
        first_purchase_day = least(f.first_purchase_day, excluded.first_purchase_day),
        last_purchase_day = greatest(f.last_purchase_day, excluded.last_purchase_day),
        order_count = f.order_count + excluded.order_count;
    insert into customer_money as m (customer_id, currency, gross_amount, returned_amount)
    select customer_id, currency, sum(gross_amount), sum(returned_amount) from new_rows where cancelled_at is null
    group by customer_id, currency having sum(gross_amount) <> 0 or sum(returned_amount) <> 0 order by customer_id, currency
    on conflict (customer_id, currency) do update set
        gross_amount = m.gross_amount + excluded.gross_amount, returned_amount = m.returned_amount + excluded.returned_amount;
    return null;
end $$;
create or replace trigger b_figures_insert after insert on orders referencing new table as new_rows for each statement execute function crm_orders_inserted();

-- The old rows taken away and, for an update, the new ones added; rows that did not change cancel out.
do $do$
declare
    event record;
begin
    for event in select * from (values ('update', 'old table as old_rows new table as new_rows', 'select -1 as sign, * from old_rows union all select 1, * from new_rows'),
                                       ('delete', 'old table as old_rows', 'select -1 as sign, * from old_rows')) as v (name, tables, rows)
    loop
        execute format($f$
            create or replace function crm_orders_figures_%1$s() returns trigger language plpgsql as $$
            declare
                touched uuid[];
                counts bigint[];
            begin
                insert into customer_money as m (customer_id, currency, gross_amount, returned_amount)
                select customer_id, currency, sum(sign * gross_amount), sum(sign * returned_amount) from (%3$s) as r where cancelled_at is null
                group by customer_id, currency having sum(sign * gross_amount) <> 0 or sum(sign * returned_amount) <> 0 order by customer_id, currency
                on conflict (customer_id, currency) do update set
                    gross_amount = m.gross_amount + excluded.gross_amount, returned_amount = m.returned_amount + excluded.returned_amount;
                delete from customer_money m using old_rows o
                where m.customer_id = o.customer_id and m.currency = o.currency and m.gross_amount = 0 and m.returned_amount = 0;
                select array_agg(customer_id), array_agg(sales) into touched, counts from (
                    select customer_id, sum(sales) as sales from (
                        select customer_id, day, sum(sign) as sales from (%3$s) as r where cancelled_at is null and kind = 'SALE'
                        group by customer_id, day having sum(sign) <> 0) as days
                    group by customer_id) as customers;
                if touched is not null then
                    insert into customer_figures as f (customer_id, order_count)
                    select t.id, t.sales from unnest(touched, counts) as t (id, sales) order by t.id
                    on conflict (customer_id) do update set order_count = f.order_count + excluded.order_count;
                    update customer_figures f
                    set first_purchase_day = (select min(o.day) from orders o where o.customer_id = f.customer_id and o.kind = 'SALE' and o.cancelled_at is null),
                        last_purchase_day = (select max(o.day) from orders o where o.customer_id = f.customer_id and o.kind = 'SALE' and o.cancelled_at is null)
                    where f.customer_id = any (touched);
                end if;
                return null;
            end $$;
            create or replace trigger b_figures_%1$s after %1$s on orders referencing %2$s for each statement execute function crm_orders_figures_%1$s();
        $f$, event.name, event.tables, event.rows);
    end loop;
end $do$;

create or replace function crm_orders_truncated() returns trigger language plpgsql as $$
begin
    update customer_figures set first_purchase_day = null, last_purchase_day = null, order_count = 0 where order_count <> 0;
    delete from customer_money;
    insert into changes (transaction, "table", changed_at) values (pg_current_xact_id()::text::bigint, 'orders', clock_timestamp());
    return null;
end $$;
create or replace trigger b_figures_truncate after truncate on orders for each statement execute function crm_orders_truncated();
