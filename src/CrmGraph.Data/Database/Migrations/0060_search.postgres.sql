-- What search looks in: name, email address and digits of the phone number, folded and without accents, as the program's SearchText makes it.

create function crm_plain(value text) returns text language sql immutable strict as $$
    select normalize(replace(replace(replace(translate(
        regexp_replace(normalize(crm_fold(value), nfd), '[\u0300-\u036f]', '', 'g'), 'øłđðħıŧ', 'olddhit'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), nfc)
$$;

create function crm_search_text(name text, email text, phone text) returns text language sql immutable as $$
    select concat_ws(' ', nullif(crm_plain(name), ''), nullif(crm_plain(email), ''), nullif(regexp_replace(crm_fold(phone), '[^0-9]', '', 'g'), ''))
$$;

alter table customers add column search_text text collate "C" not null default '';

set local crmgraph.history = 'off';
update customers set search_text = crm_search_text(name, email, phone);
set local crmgraph.history = 'on';

create function crm_search_customers() returns trigger language plpgsql as $$
begin
    new.search_text := crm_search_text(new.name, new.email, new.phone);
    return new;
end $$;
create trigger d_search before insert on customers for each row
    when (new.search_text = '' and (new.name <> '' or new.email <> '' or new.phone <> '')) execute function crm_search_customers();
create trigger d_search_change before update on customers for each row
    when ((new.name is distinct from old.name or new.email is distinct from old.email or new.phone is distinct from old.phone)
        and new.search_text = old.search_text)
    execute function crm_search_customers();

-- Customers by the beginning of one of their outside ids.
create index ix_external_ids_of_customers on external_ids (lower("key"), id) where entity = 'CUSTOMER';
