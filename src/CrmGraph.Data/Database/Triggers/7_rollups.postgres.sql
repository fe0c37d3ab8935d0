-- Whoever changes orders, or what a rollup tells customers apart by, marks the days in his own transaction: marked days are not read from rollups.

create or replace function crm_rollup_orders() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into rollup_marks (day) select distinct day from new_rows;
    elsif tg_op = 'DELETE' then
        insert into rollup_marks (day) select distinct day from old_rows;
    elsif tg_op = 'TRUNCATE' then
        insert into rollup_marks (day) values (null);
    else
        insert into rollup_marks (day) select day from old_rows union select day from new_rows;
    end if;
    return null;
end $$;
create or replace trigger y_rollup_insert after insert on orders referencing new table as new_rows for each statement execute function crm_rollup_orders();
create or replace trigger y_rollup_update after update on orders referencing old table as old_rows new table as new_rows
    for each statement execute function crm_rollup_orders();
create or replace trigger y_rollup_delete after delete on orders referencing old table as old_rows for each statement execute function crm_rollup_orders();
create or replace trigger y_rollup_truncate after truncate on orders for each statement execute function crm_rollup_orders();

create or replace function crm_rollup_customers() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from old_rows r join new_rows n on n.id = r.id
        where (n.region, n.country, n.owner_id, n.is_guest) is distinct from (r.region, r.country, r.owner_id, r.is_guest)) then
        insert into rollup_marks (day)
        select distinct o.day
        from old_rows r
        join new_rows n on n.id = r.id
        join orders o on o.customer_id = n.id
        where (n.region, n.country, n.owner_id, n.is_guest) is distinct from (r.region, r.country, r.owner_id, r.is_guest);
    end if;
    return null;
end $$;
create or replace trigger y_rollup_update after update on customers referencing old table as old_rows new table as new_rows
    for each statement execute function crm_rollup_customers();
