-- Servers keep exchange rates and days of rollups in memory, by stamps that are others after each change, by whomever.

create or replace function crm_stamp() returns trigger language plpgsql as $$
begin
    update data_stamps set stamp = (random() * 9e18)::bigint where name = tg_argv[0];
    return null;
end $$;
create or replace trigger y_stamp after insert or update or delete or truncate on exchange_rates for each statement execute function crm_stamp('rates');
create or replace trigger y_stamp after insert or update or delete or truncate on sales_day_orders for each statement execute function crm_stamp('rollups');
