-- What is wrong is refused: facts of unknown customers, parts of unknown rows, days that are not the day of their moment in the reporting zone.
-- Once per statement over its transition tables: a row trigger would cost COPY most of its speed.

do $do$
declare fact record;
begin
    for fact in select name, moment from crm_tables where is_fact or is_early
    loop
        if fact.moment is not null then
            execute format($f$
                create or replace function crm_check_day_%1$s() returns trigger language plpgsql as $$
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
                create or replace trigger a_check_day_insert after insert on %1$s referencing new table as new_rows for each statement execute function crm_check_day_%1$s();
                create or replace trigger a_check_day_update after update on %1$s referencing new table as new_rows for each statement execute function crm_check_day_%1$s();
            $f$, fact.name, fact.moment);
        end if;
        execute format($f$
            create or replace function crm_check_customer_%1$s() returns trigger language plpgsql as $$
            declare bad uuid;
            begin
                select n.customer_id into bad from new_rows n where not exists (select from customers c where c.id = n.customer_id) limit 1;
                if found then
                    raise exception '%1$s: there is no customer %%', bad using errcode = 'foreign_key_violation', hint = 'Write the customer first.';
                end if;
                return null;
            end $$;
            create or replace trigger a_check_customer after insert on %1$s referencing new table as new_rows for each statement execute function crm_check_customer_%1$s();
        $f$, fact.name);
    end loop;
end $do$;

create or replace function crm_check_order_lines() returns trigger language plpgsql as $$
declare bad record;
begin
    select n.id, n.day, o.day as order_day into bad from new_rows n
    cross join lateral (select day, hour from orders o where o.customer_id = n.customer_id and o.id = n.order_id limit 1) o
    where n.day <> o.day or n.hour <> o.hour limit 1;
    if found then
        raise exception 'order_lines %: day % or the hour is not that of its order, %', bad.id, bad.day, bad.order_day
            using errcode = 'check_violation', hint = 'Leave day and hour out: they are filled from the order.';
    end if;
    return null;
end $$;
create or replace trigger a_check_order after insert on order_lines referencing new table as new_rows for each statement execute function crm_check_order_lines();

do $do$
declare t record;
begin
    for t in select name, whole, whole_id from crm_tables where whole is not null and not is_early
    loop
        execute format($f$
            create or replace function crm_check_whole_%1$s() returns trigger language plpgsql as $$
            declare bad uuid;
            begin
                select n.%3$I into bad from new_rows n where not exists (select from %2$I f where f.customer_id = n.customer_id and f.id = n.%3$I) limit 1;
                if found then
                    raise exception '%1$s: there is no row %% of this customer in %2$s', bad
                        using errcode = 'foreign_key_violation', hint = 'Write %2$s first.';
                end if;
                return null;
            end $$;
            create or replace trigger a_check_whole after insert on %1$I referencing new table as new_rows
                for each statement execute function crm_check_whole_%1$s();
        $f$, t.name, t.whole, t.whole_id);
    end loop;
end $do$;

-- A customer goes only when no fact is left, and takes along what is kept about him.
do $do$
begin
    execute format($f$
        create or replace function crm_customers_deleted() returns trigger language plpgsql as $$
        declare bad uuid;
        begin
            select o.id into bad from old_rows o where %s limit 1;
            if found then
                raise exception 'customers %%: facts belong to this customer', bad
                    using errcode = 'foreign_key_violation', hint = 'Delete or move the facts first.';
            end if;
            delete from customer_figures f using old_rows o where f.customer_id = o.id;
            delete from customer_scores f using old_rows o where f.customer_id = o.id;
            delete from customer_money f using old_rows o where f.customer_id = o.id;
            delete from customer_stages f using old_rows o where f.customer_id = o.id;
            delete from customer_attributes f using old_rows o where f.customer_id = o.id;
            return null;
        end $$
    $f$, (select string_agg(format('exists (select from %I f where f.customer_id = o.id)', name), ' or ') from crm_tables where is_fact));
end $do$;
create or replace trigger b_deleted after delete on customers referencing old table as old_rows for each statement execute function crm_customers_deleted();
