-- What texts are compared and searched by, when a plain writer wrote only the text. The functions are FoldedText and SearchText of the program in SQL:
-- lower() leads to Unicode's compatibility caseless matching but for these few letters, and ICU's sees the end of a word in a sigma, which is taken
-- out of its hands.

create or replace function crm_fold(value text) returns text language sql immutable strict as $$
    select normalize(lower(translate(replace(replace(normalize(value, nfkd), 'ß', 'ss'), 'ẞ', 'ss'),
        U&'\03A3\03C2\0345\1C80\1C81\1C82\1C83\1C84\1C85\1C86\1C87\1C88', 'σσιвдосттъѣꙋ') collate "und-x-icu"), nfkc)
$$;

do $do$
declare t record;
begin
    for t in
        select c.table_name,
               string_agg(format('new.%1$I := crm_fold(new.%2$I);', c.column_name, s.column_name), ' ' order by c.ordinal_position) as fold,
               string_agg(format('new.%1$I is null and new.%2$I is not null', c.column_name, s.column_name), ' or ' order by c.ordinal_position) as missing,
               string_agg(format('new.%2$I is distinct from old.%2$I and new.%1$I is not distinct from old.%1$I', c.column_name, s.column_name), ' or '
                   order by c.ordinal_position) as stale
        from information_schema.columns c
        join information_schema.columns s on s.table_schema = c.table_schema and s.table_name = c.table_name and s.column_name || '_folded' = c.column_name
        where c.table_schema = current_schema()
        group by c.table_name
    loop
        execute format('create or replace function crm_fold_%1$s() returns trigger language plpgsql as $$ begin %2$s return new; end $$', t.table_name, t.fold);
        execute format('create or replace trigger d_fold before insert on %1$I for each row when (%2$s) execute function crm_fold_%1$s()', t.table_name, t.missing);
        execute format('create or replace trigger d_fold_change before update on %1$I for each row when (%2$s) execute function crm_fold_%1$s()', t.table_name, t.stale);
    end loop;
end $do$;

create or replace function crm_plain(value text) returns text language sql immutable strict as $$
    select normalize(replace(replace(replace(translate(
        regexp_replace(normalize(crm_fold(value), nfd), '[\u0300-\u036f]', '', 'g'), 'øłđðħıŧ', 'olddhit'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), nfc)
$$;

create or replace function crm_search_text(name text, email text, phone text) returns text language sql immutable as $$
    select concat_ws(' ', nullif(crm_plain(name), ''), nullif(crm_plain(email), ''), nullif(regexp_replace(crm_fold(phone), '[^0-9]', '', 'g'), ''))
$$;

create or replace function crm_search_customers() returns trigger language plpgsql as $$
begin
    new.search_text := crm_search_text(new.name, new.email, new.phone);
    return new;
end $$;
create or replace trigger d_search before insert on customers for each row
    when (new.search_text = '' and (new.name <> '' or new.email <> '' or new.phone <> '')) execute function crm_search_customers();
create or replace trigger d_search_change before update on customers for each row
    when ((new.name is distinct from old.name or new.email is distinct from old.email or new.phone is distinct from old.phone)
        and new.search_text = old.search_text)
    execute function crm_search_customers();
