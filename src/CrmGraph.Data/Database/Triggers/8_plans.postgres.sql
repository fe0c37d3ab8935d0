-- How the functions above find the rows that belong to those of a statement. PostgreSQL keeps their plans, and one that was made while a table was
-- empty reads all of it for each row, until the table is analysed: the first import into a new database would take minutes for each batch.
-- So rows are found by an index and, after an insert, one by one: a hash join would read all of a table for each batch.

do $do$
declare
    f record;
    setting text;
begin
    for f in select oid::regprocedure as name, proname ~ '^crm_(customers_inserted|check_)' as one_by_one
        from pg_proc where pronamespace = current_schema()::regnamespace and prorettype = 'trigger'::regtype
            and prosrc ~ 'new_rows|old_rows' and proname !~ '^crm_(changes|history|check_day|orders_inserted|rollup_orders)'
    loop
        execute format('alter function %s set enable_seqscan = off', f.name);
        foreach setting in array case when f.one_by_one then array['enable_hashjoin', 'enable_mergejoin'] else '{}' end
        loop
            execute format('alter function %s set %I = off', f.name, setting);
        end loop;
    end loop;
end $do$;
