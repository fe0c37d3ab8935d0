-- Servers keep exchange rates in memory, by a stamp that is another one after each change.

create or replace function crm_stamp_rates() returns trigger language plpgsql as $$
begin
    update data_stamps set stamp = (random() * 9e18)::bigint where name = 'rates';
    return null;
end $$;
create or replace trigger y_stamp_rates after insert or update or delete or truncate on exchange_rates
    for each statement execute function crm_stamp_rates();
