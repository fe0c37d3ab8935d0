-- What the database keeps right whoever writes. Everything that is counted or copied is done once per statement over its transition tables:
-- a row trigger would cost COPY most of its speed. The row triggers below run only for rows whose writer left something out.
--
-- A connection says by settings who writes:  crmgraph.writer = 'program' stamps updated_at itself;  crmgraph.history = 'off' keeps a rewrite of
-- derived columns (rezone) out of the history.

create function crm_zone() returns text language sql stable as $$ select reporting_zone from settings where id = 1 $$;

-- FoldedText.Fold in SQL. ICU's lower() is sensitive to context in two letters where .NET's invariant one is not: the final sigma, and the
-- dotted capital I, which .NET leaves as it is.
create function crm_fold(value text) returns text language sql immutable strict as $$
    select replace(lower(replace(replace(normalize(value, nfkc), 'Σ', 'σ'), 'İ', U&'\F8FF') collate "und-x-icu"), U&'\F8FF', 'İ')
$$;

-- 1. What a plain INSERT leaves out: id, day, hour, moments.

do $do$
declare fact record;
begin
    for fact in select * from (values ('orders', 'ordered_at'), ('opportunities', 'opened_at'), ('interactions', 'occurred_at'), ('tickets', 'opened_at'),
                                      ('survey_answers', 'answered_at')) as v (name, moment)
    loop
        execute format($f$
            create function crm_fill_%1$s() returns trigger language plpgsql as $$
            declare local timestamp := new.%2$I at time zone crm_zone();
            begin
                new.id := coalesce(new.id, crm_uuid7());
                if tg_op = 'INSERT' then
                    new.day := coalesce(new.day, local::date);
                    new.hour := coalesce(new.hour, extract(hour from local)::integer);
                else
                    new.day := local::date;
                    new.hour := extract(hour from local)::integer;
                end if;
                new.recorded_at := coalesce(new.recorded_at, now());
                new.updated_at := coalesce(new.updated_at, now());
                return new;
            end $$;
            create trigger a_fill before insert on %1$s for each row
                when (new.id is null or new.day is null or new.hour is null or new.recorded_at is null or new.updated_at is null)
                execute function crm_fill_%1$s();
            create trigger a_move before update of %2$I on %1$s for each row
                when (new.%2$I <> old.%2$I and new.day = old.day and new.hour = old.hour)
                execute function crm_fill_%1$s();
        $f$, fact.name, fact.moment);
    end loop;
end $do$;

create function crm_fill_order_lines() returns trigger language plpgsql as $$
declare o record;
begin
    select * into o from orders where customer_id = new.customer_id and id = new.order_id;
    new.id := coalesce(new.id, crm_uuid7());
    new.day := coalesce(new.day, o.day);
    new.hour := coalesce(new.hour, o.hour);
    new.currency := coalesce(new.currency, o.currency);
    new.channel := coalesce(new.channel, o.channel);
    new.owner_id := coalesce(new.owner_id, o.owner_id);
    new.cancelled_at := coalesce(new.cancelled_at, o.cancelled_at);
    new.recorded_at := coalesce(new.recorded_at, now());
    new.updated_at := coalesce(new.updated_at, now());
    return new;
end $$;
create trigger a_fill before insert on order_lines for each row
    when (new.id is null or new.day is null or new.hour is null or new.currency is null or new.recorded_at is null or new.updated_at is null)
    execute function crm_fill_order_lines();

create function crm_fill_customers() returns trigger language plpgsql as $$
begin
    new.id := coalesce(new.id, crm_uuid7());
    new.created_at := coalesce(new.created_at, now());
    if tg_op = 'UPDATE' or new.day is null then
        new.day := (new.created_at at time zone crm_zone())::date;
    end if;
    new.recorded_at := coalesce(new.recorded_at, now());
    new.updated_at := coalesce(new.updated_at, now());
    return new;
end $$;
create trigger a_fill before insert on customers for each row
    when (new.id is null or new.created_at is null or new.day is null or new.recorded_at is null or new.updated_at is null)
    execute function crm_fill_customers();
create trigger a_move before update of created_at on customers for each row
    when (new.created_at <> old.created_at and new.day = old.day) execute function crm_fill_customers();

create function crm_fill_closed_day() returns trigger language plpgsql as $$
begin
    new.closed_day := (new.closed_at at time zone crm_zone())::date;
    return new;
end $$;
create trigger b_closed before insert on opportunities for each row
    when (new.closed_at is not null and new.closed_day is null) execute function crm_fill_closed_day();
create trigger b_closed_move before update of closed_at on opportunities for each row
    when (new.closed_at is distinct from old.closed_at and new.closed_day is not distinct from old.closed_day) execute function crm_fill_closed_day();

create function crm_touch() returns trigger language plpgsql as $$
begin
    new.updated_at := now();
    return new;
end $$;

do $do$
declare t text;
begin
    for t in select table_name from information_schema.columns where table_schema = current_schema() and column_name = 'updated_at'
    loop
        execute format($f$
            create trigger c_touch before update on %I for each row
                when (new.updated_at = old.updated_at and current_setting('crmgraph.writer', true) is distinct from 'program') execute function crm_touch()
        $f$, t);
    end loop;
end $do$;

-- 2. Folded columns, when a plain writer wrote only the text.

do $do$
declare t record;
begin
    for t in
        select c.table_name,
               string_agg(format('new.%1$I := crm_fold(new.%2$I);', c.column_name, s.column_name), ' ') as fold,
               string_agg(format('new.%1$I is null and new.%2$I is not null', c.column_name, s.column_name), ' or ') as missing,
               string_agg(format('new.%2$I is distinct from old.%2$I and new.%1$I is not distinct from old.%1$I', c.column_name, s.column_name), ' or ') as stale
        from information_schema.columns c
        join information_schema.columns s on s.table_schema = c.table_schema and s.table_name = c.table_name and s.column_name || '_folded' = c.column_name
        where c.table_schema = current_schema()
        group by c.table_name
    loop
        execute format('create function crm_fold_%1$s() returns trigger language plpgsql as $$ begin %2$s return new; end $$', t.table_name, t.fold);
        execute format('create trigger d_fold before insert on %1$I for each row when (%2$s) execute function crm_fold_%1$s()', t.table_name, t.missing);
        execute format('create trigger d_fold_change before update on %1$I for each row when (%2$s) execute function crm_fold_%1$s()', t.table_name, t.stale);
    end loop;
end $do$;

-- 3. What is wrong is refused: facts of unknown customers, days that are not the day of their moment in the reporting zone.

do $do$
declare fact record;
begin
    for fact in select * from (values ('orders', 'ordered_at'), ('opportunities', 'opened_at'), ('interactions', 'occurred_at'), ('tickets', 'opened_at'),
                                      ('survey_answers', 'answered_at'), ('order_lines', null), ('opportunity_stages', null), ('contracts', null)) as v (name, moment)
    loop
        if fact.moment is not null then
            execute format($f$
                create function crm_check_day_%1$s() returns trigger language plpgsql as $$
                declare bad record; zone text := crm_zone();
                begin
                    select n.id, n.day, n.hour, n.%2$I as moment into bad from new_rows n
                    where n.day <> (n.%2$I at time zone zone)::date or n.hour <> extract(hour from n.%2$I at time zone zone) limit 1;
                    if found then
                        raise exception '%1$s %%: day %%, hour %% are not those of %2$s %% in the reporting zone %%', bad.id, bad.day, bad.hour, bad.moment, zone
                            using errcode = 'check_violation', hint = 'Leave day and hour out: they are filled. After a change of the zone run crmgraph rezone.';
                    end if;
                    return null;
                end $$;
                create trigger a_check_day_insert after insert on %1$s referencing new table as new_rows for each statement execute function crm_check_day_%1$s();
                create trigger a_check_day_update after update on %1$s referencing new table as new_rows for each statement execute function crm_check_day_%1$s();
            $f$, fact.name, fact.moment);
        end if;
        execute format($f$
            create function crm_check_customer_%1$s() returns trigger language plpgsql as $$
            declare bad uuid;
            begin
                select n.customer_id into bad from new_rows n where not exists (select from customers c where c.id = n.customer_id) limit 1;
                if found then
                    raise exception '%1$s: there is no customer %%', bad using errcode = 'foreign_key_violation', hint = 'Write the customer first.';
                end if;
                return null;
            end $$;
            create trigger a_check_customer after insert on %1$s referencing new table as new_rows for each statement execute function crm_check_customer_%1$s();
        $f$, fact.name);
    end loop;
end $do$;

create function crm_check_order_lines() returns trigger language plpgsql as $$
declare bad record;
begin
    select n.id, n.day, o.day as order_day into bad from new_rows n join orders o on o.customer_id = n.customer_id and o.id = n.order_id
    where n.day <> o.day or n.hour <> o.hour limit 1;
    if found then
        raise exception 'order_lines %: day % or the hour is not that of its order, %', bad.id, bad.day, bad.order_day
            using errcode = 'check_violation', hint = 'Leave day and hour out: they are filled from the order.';
    end if;
    return null;
end $$;
create trigger a_check_order after insert on order_lines referencing new table as new_rows for each statement execute function crm_check_order_lines();

-- A customer goes only when no fact is left, and takes along what is kept about him.
create function crm_customers_deleted() returns trigger language plpgsql as $$
declare bad uuid;
begin
    select o.id into bad from old_rows o
    where exists (select from orders f where f.customer_id = o.id) or exists (select from tickets f where f.customer_id = o.id)
        or exists (select from interactions f where f.customer_id = o.id) or exists (select from survey_answers f where f.customer_id = o.id)
        or exists (select from opportunities f where f.customer_id = o.id) or exists (select from contracts f where f.customer_id = o.id) limit 1;
    if found then
        raise exception 'customers %: facts belong to this customer', bad using errcode = 'foreign_key_violation', hint = 'Delete or move the facts first.';
    end if;
    delete from customer_figures f using old_rows o where f.customer_id = o.id;
    delete from customer_money f using old_rows o where f.customer_id = o.id;
    delete from customer_stages f using old_rows o where f.customer_id = o.id;
    delete from customer_attributes f using old_rows o where f.customer_id = o.id;
    return null;
end $$;
create trigger b_deleted after delete on customers referencing old table as old_rows for each statement execute function crm_customers_deleted();

-- 4. Lines follow their order: day, hour, currency, channel, owner, cancellation; they go with it.

create function crm_orders_changed() returns trigger language plpgsql as $$
begin
    update order_lines l
    set day = n.day, hour = n.hour, currency = n.currency, channel = n.channel, owner_id = n.owner_id, cancelled_at = n.cancelled_at, updated_at = n.updated_at
    from new_rows n join old_rows o on o.customer_id = n.customer_id and o.id = n.id
    where l.customer_id = n.customer_id and l.order_id = n.id
        and (n.day, n.hour, n.currency, n.channel, n.owner_id, n.cancelled_at) is distinct from (o.day, o.hour, o.currency, o.channel, o.owner_id, o.cancelled_at)
        and (n.day, n.hour, n.currency, n.channel, n.owner_id, n.cancelled_at) is distinct from (l.day, l.hour, l.currency, l.channel, l.owner_id, l.cancelled_at);
    return null;
end $$;
create trigger b_lines_follow after update on orders referencing old table as old_rows new table as new_rows for each statement execute function crm_orders_changed();

create function crm_orders_deleted() returns trigger language plpgsql as $$
begin
    delete from order_lines l using old_rows o where l.customer_id = o.customer_id and l.order_id = o.id;
    return null;
end $$;
create trigger b_lines_go after delete on orders referencing old table as old_rows for each statement execute function crm_orders_deleted();

create function crm_opportunities_deleted() returns trigger language plpgsql as $$
begin
    delete from opportunity_stages s using old_rows o where s.customer_id = o.customer_id and s.opportunity_id = o.id;
    return null;
end $$;
create trigger b_stages_go after delete on opportunities referencing old table as old_rows for each statement execute function crm_opportunities_deleted();

-- 5. Figures and money of customers. Every customer has a row of figures; money has a row where a sum is not zero.
-- Customers are taken in order, so that two writers never wait for each other in a circle. Sums are moved by differences: the upsert waits for
-- a writer of the same customer and then adds to what that one left. First and last day, when a boundary was taken away, are read again after
-- that wait, in a statement of their own, which sees what the other has committed.

create function crm_customers_inserted() returns trigger language plpgsql as $$
begin
    insert into customer_figures (customer_id) select id from new_rows on conflict (customer_id) do nothing;
    -- An importer that knows the stages writes them before the customer.
    insert into customer_stages (customer_id, stage, "from")
    select n.id, n.lifecycle_stage, n.created_at from new_rows n
    where not exists (select from customer_stages s where s.customer_id = n.id);
    return null;
end $$;
create trigger b_inserted after insert on customers referencing new table as new_rows for each statement execute function crm_customers_inserted();

create function crm_customers_stage() returns trigger language plpgsql as $$
begin
    update customer_stages s set "to" = n.updated_at
    from new_rows n join old_rows o on o.id = n.id
    where n.lifecycle_stage <> o.lifecycle_stage and s.customer_id = n.id and s."to" is null;
    insert into customer_stages (customer_id, stage, "from")
    select n.id, n.lifecycle_stage, n.updated_at from new_rows n join old_rows o on o.id = n.id where n.lifecycle_stage <> o.lifecycle_stage
    on conflict (customer_id, "from") do update set stage = excluded.stage, "to" = null;
    return null;
end $$;
create trigger b_stage after update on customers referencing old table as old_rows new table as new_rows for each statement execute function crm_customers_stage();

create function crm_orders_inserted() returns trigger language plpgsql as $$
begin
    insert into customer_figures as f (customer_id, first_purchase_day, last_purchase_day, order_count)
    select customer_id, min(day), max(day), count(*) from new_rows where kind = 'SALE' and cancelled_at is null group by customer_id order by customer_id
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
create trigger b_figures_insert after insert on orders referencing new table as new_rows for each statement execute function crm_orders_inserted();

-- The old rows taken away and, for an update, the new ones added; rows that did not change cancel out.
do $do$
declare
    event record;
begin
    for event in select * from (values ('update', 'old table as old_rows new table as new_rows', 'select -1 as sign, * from old_rows union all select 1, * from new_rows'),
                                       ('delete', 'old table as old_rows', 'select -1 as sign, * from old_rows')) as v (name, tables, rows)
    loop
        execute format($f$
            create function crm_orders_figures_%1$s() returns trigger language plpgsql as $$
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
            create trigger b_figures_%1$s after %1$s on orders referencing %2$s for each statement execute function crm_orders_figures_%1$s();
        $f$, event.name, event.tables, event.rows);
    end loop;
end $do$;

create function crm_orders_truncated() returns trigger language plpgsql as $$
begin
    update customer_figures set first_purchase_day = null, last_purchase_day = null, order_count = 0 where order_count <> 0;
    delete from customer_money;
    insert into changes (transaction, "table", changed_at) values (pg_current_xact_id()::text::bigint, 'orders', clock_timestamp());
    return null;
end $$;
create trigger b_figures_truncate after truncate on orders for each statement execute function crm_orders_truncated();

-- 6. Changes: a hint per statement for servers with live queries, with the days that the statement touched.

do $do$
declare
    t record;
    event record;
begin
    for t in select * from (values ('customers', null), ('customer_attributes', null), ('customer_stages', null), ('products', null), ('sales_teams', null), ('team_members', null),
            ('orders', 'day'), ('order_lines', 'day'), ('opportunities', 'day'), ('opportunity_stages', null), ('contracts', null), ('exchange_rates', 'day'),
            ('interactions', 'day'), ('tickets', 'day'), ('survey_answers', 'day'), ('campaigns', null), ('campaign_spend', 'day'),
            ('segments', null), ('segment_members', null), ('settings', null)) as v (name, day)
    loop
        for event in select * from (values
            ('insert', 'new table as new_rows', 'select * from new_rows'),
            ('update', 'old table as old_rows new table as new_rows', 'select * from old_rows union all select * from new_rows'),
            ('delete', 'old table as old_rows', 'select * from old_rows')) as v (name, tables, rows)
        loop
            execute format($f$
                create function crm_changes_%1$s_%2$s() returns trigger language plpgsql as $$
                begin
                    insert into changes (transaction, "table", from_day, to_day, changed_at)
                    select pg_current_xact_id()::text::bigint, '%1$s', %5$s, clock_timestamp() from (%4$s) as r having count(*) > 0;
                    return null;
                end $$;
                create trigger y_changes_%2$s after %2$s on %1$s referencing %3$s for each statement execute function crm_changes_%1$s_%2$s();
            $f$, t.name, event.name, event.tables, event.rows, case when t.day is null then 'null::date, null::date' else 'min(day), max(day)' end);
        end loop;
    end loop;
end $do$;

-- 7. History: the old row of every update and deletion, as JSON.

do $do$
declare
    t record;
    event record;
begin
    for t in select * from (values ('customers', 'o.id::text', 'o.id'), ('customer_attributes', 'o.customer_id || ''/'' || o.key', 'o.customer_id'),
            ('external_ids', 'o.entity || ''/'' || o.source || ''/'' || o.key', 'o.customer_id'), ('products', 'o.id::text', 'null::uuid'),
            ('orders', 'o.id::text', 'o.customer_id'), ('order_lines', 'o.id::text', 'o.customer_id'), ('opportunities', 'o.id::text', 'o.customer_id'),
            ('opportunity_stages', 'o.id::text', 'o.customer_id'), ('contracts', 'o.id::text', 'o.customer_id'),
            ('exchange_rates', 'o.currency || ''/'' || o.day', 'null::uuid'), ('interactions', 'o.id::text', 'o.customer_id'), ('tickets', 'o.id::text', 'o.customer_id'),
            ('survey_answers', 'o.id::text', 'o.customer_id'), ('campaigns', 'o.id::text', 'null::uuid'),
            ('campaign_spend', 'o.campaign_id || ''/'' || o.day || ''/'' || o.channel || ''/'' || o.currency', 'null::uuid'), ('sales_teams', 'o.id::text', 'null::uuid'),
            ('team_members', 'o.id::text', 'null::uuid'), ('segments', 'o.id::text', 'null::uuid'),
            ('segment_members', 'o.customer_id || ''/'' || o.segment_id || ''/'' || o.joined_at', 'o.customer_id'), ('report_definitions', 'o.id::text', 'null::uuid'),
            ('settings', 'o.id::text', 'null::uuid')) as v (name, id, customer)
    loop
        for event in select * from (values ('update', 'U'), ('delete', 'D')) as v (name, letter)
        loop
            execute format($f$
                create function crm_history_%1$s_%2$s() returns trigger language plpgsql as $$
                begin
                    if current_setting('crmgraph.history', true) = 'off' then
                        return null;
                    end if;
                    insert into history ("table", row_id, customer_id, operation, changed_at, "row")
                    select '%1$s', %3$s, %4$s, '%5$s', clock_timestamp(), row_to_json(o)::text from old_rows o;
                    return null;
                end $$;
                create trigger z_history_%2$s after %2$s on %1$s referencing old table as old_rows for each statement execute function crm_history_%1$s_%2$s();
            $f$, t.name, event.name, t.id, t.customer, event.letter);
        end loop;
    end loop;
end $do$;
