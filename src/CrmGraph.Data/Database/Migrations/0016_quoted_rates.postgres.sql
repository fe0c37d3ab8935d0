-- A rate whose reporting currency was changed remembers it, and holds again when that currency comes back. Rates stored so far are taken as quoted in
-- the present reporting currency.

alter table exchange_rates add column quoted_in text collate "C";

create function crm_settings_currency() returns trigger language plpgsql as $$
begin
    update exchange_rates set quoted_in = old.currency where quoted_in is null;
    update exchange_rates set quoted_in = null where quoted_in = new.currency;
    return null;
end $$;

create trigger settings_currency after update of currency on settings for each row when (new.currency <> old.currency) execute function crm_settings_currency();
