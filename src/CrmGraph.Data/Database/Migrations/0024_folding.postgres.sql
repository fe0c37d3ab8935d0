-- Texts are searched by Unicode's compatibility caseless matching, as FoldedText does: lower() leads there but for these few letters, and ICU's
-- sees the end of a word in a sigma, which is taken out of its hands.

create or replace function crm_fold(value text) returns text language sql immutable strict as $$
    select normalize(lower(translate(replace(replace(normalize(value, nfkd), 'ß', 'ss'), 'ẞ', 'ss'),
        U&'\03A3\03C2\0345\1C80\1C81\1C82\1C83\1C84\1C85\1C86\1C87\1C88', 'σσιвдосттъѣꙋ') collate "und-x-icu"), nfkc)
$$;

-- Derived columns leave no history.
select set_config('crmgraph.history', 'off', true);

do $do$
declare c record;
begin
    for c in select table_name, column_name as folded, left(column_name, -7) as source from information_schema.columns
        where table_schema = current_schema() and column_name like '%\_folded'
    loop
        execute format('update %1$I set %2$I = crm_fold(%3$I) where %2$I is distinct from crm_fold(%3$I)', c.table_name, c.folded, c.source);
    end loop;
end $do$;

select set_config('crmgraph.history', 'on', true);
