-- What a plain INSERT leaves out: id, day, hour, moments. These row triggers run only for rows whose writer left something out.

create or replace function crm_zone() returns text language sql stable as $$ select reporting_zone from settings where id = 1 $$;

do $do$
declare fact record;
begin
    for fact in select name, moment from crm_tables where moment is not null
    loop
        execute format($f$
            create or replace function crm_fill_%1$s() returns trigger language plpgsql as $$
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
            create or replace trigger a_fill before insert on %1$s for each row
                when (new.id is null or new.day is null or new.hour is null or new.recorded_at is null or new.updated_at is null)
                execute function crm_fill_%1$s();
            create or replace trigger a_move before update of %2$I on %1$s for each row
                when (new.%2$I <> old.%2$I and new.day = old.day and new.hour = old.hour)
                execute function crm_fill_%1$s();
        $f$, fact.name, fact.moment);
    end loop;
end $do$;

create or replace function crm_fill_order_lines() returns trigger language plpgsql as $$
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
create or replace trigger a_fill before insert on order_lines for each row
    when (new.id is null or new.day is null or new.hour is null or new.currency is null or new.recorded_at is null or new.updated_at is null)
    execute function crm_fill_order_lines();

create or replace function crm_fill_customers() returns trigger language plpgsql as $$
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
create or replace trigger a_fill before insert on customers for each row
    when (new.id is null or new.created_at is null or new.day is null or new.recorded_at is null or new.updated_at is null)
    execute function crm_fill_customers();
create or replace trigger a_move before update of created_at on customers for each row
    when (new.created_at <> old.created_at and new.day = old.day) execute function crm_fill_customers();

create or replace function crm_fill_closed_day() returns trigger language plpgsql as $$
begin
    new.closed_day := (new.closed_at at time zone crm_zone())::date;
    return new;
end $$;
create or replace trigger b_closed before insert on opportunities for each row
    when (new.closed_at is not null and new.closed_day is null) execute function crm_fill_closed_day();
create or replace trigger b_closed_move before update of closed_at on opportunities for each row
    when (new.closed_at is distinct from old.closed_at and new.closed_day is not distinct from old.closed_day) execute function crm_fill_closed_day();

create or replace function crm_fill_ticket_days() returns trigger language plpgsql as $$
begin
    new.first_response_day := (new.first_response_at at time zone crm_zone())::date;
    new.resolved_day := (new.resolved_at at time zone crm_zone())::date;
    return new;
end $$;
create or replace trigger b_days before insert on tickets for each row
    when (new.first_response_at is not null and new.first_response_day is null or new.resolved_at is not null and new.resolved_day is null)
    execute function crm_fill_ticket_days();
create or replace trigger b_days_move before update of first_response_at, resolved_at on tickets for each row when (
    new.first_response_at is distinct from old.first_response_at and new.first_response_day is not distinct from old.first_response_day
    or new.resolved_at is distinct from old.resolved_at and new.resolved_day is not distinct from old.resolved_day)
    execute function crm_fill_ticket_days();

create or replace function crm_touch() returns trigger language plpgsql as $$
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
            create or replace trigger c_touch before update on %I for each row
                when (new.updated_at = old.updated_at and current_setting('crmgraph.writer', true) is distinct from 'program') execute function crm_touch()
        $f$, t);
    end loop;
end $do$;
