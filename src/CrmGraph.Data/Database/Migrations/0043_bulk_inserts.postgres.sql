-- Figures of customers who have some already, nearly all of them, are updated; only the others are inserted: an insert that meets a row looks for it
-- twice, locks it and makes the row anew. In the order of the customers, so that two writers never wait for each other in a circle: a hash join
-- would take them in its own. And the triggers of an insert look their rows up one by one, instead of reading all of a table for each batch.

create or replace function crm_orders_inserted() returns trigger language plpgsql as $$
begin
    with bought as materialized (
        select customer_id, min(day) as first, max(day) as last, count(*) as sales from new_rows
        where kind = 'SALE' and cancelled_at is null group by customer_id order by customer_id),
    kept as (
        update customer_figures f set
            first_purchase_day = least(f.first_purchase_day, b.first), last_purchase_day = greatest(f.last_purchase_day, b.last),
            order_count = f.order_count + b.sales
        from bought b where f.customer_id = b.customer_id returning f.customer_id)
    insert into customer_figures as f (customer_id, first_purchase_day, last_purchase_day, order_count)
    select customer_id, first, last, sales from bought where customer_id not in (select customer_id from kept)
    on conflict (customer_id) do update set
        first_purchase_day = least(f.first_purchase_day, excluded.first_purchase_day),
        last_purchase_day = greatest(f.last_purchase_day, excluded.last_purchase_day),
        order_count = f.order_count + excluded.order_count;
    with paid as materialized (
        select customer_id, currency, sum(gross_amount) as gross, sum(returned_amount) as returned from new_rows where cancelled_at is null
        group by customer_id, currency having sum(gross_amount) <> 0 or sum(returned_amount) <> 0 order by customer_id, currency),
    kept as (
        update customer_money m set gross_amount = m.gross_amount + p.gross, returned_amount = m.returned_amount + p.returned
        from paid p where m.customer_id = p.customer_id and m.currency = p.currency returning m.customer_id, m.currency)
    insert into customer_money as m (customer_id, currency, gross_amount, returned_amount)
    select customer_id, currency, gross, returned from paid where (customer_id, currency) not in (select customer_id, currency from kept)
    on conflict (customer_id, currency) do update set
        gross_amount = m.gross_amount + excluded.gross_amount, returned_amount = m.returned_amount + excluded.returned_amount;
    return null;
end $$;

do $do$
declare f text;
begin
    for f in select oid::regprocedure from pg_proc
        where pronamespace = current_schema()::regnamespace
            and (proname in ('crm_orders_inserted', 'crm_customers_inserted', 'crm_check_order_lines') or proname like 'crm\_check\_customer\_%')
    loop
        execute format('alter function %s set enable_hashjoin = off', f);
        execute format('alter function %s set enable_mergejoin = off', f);
    end loop;
end $do$;
