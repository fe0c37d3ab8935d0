-- The number that the value of a free attribute is, in ten-thousandths; null where it is none. An optional sign, at most 14 digits before the point,
-- in the source's decimal form or with an exponent of at most two digits; blanks around it do not matter. Rounded to four decimals, halves away from
-- zero. With an exponent it is read as a binary number, as SQLite does.
create function crm_number(value text) returns bigint language sql immutable parallel safe as $$
    select case
        when length(value) > 40 then null
        when value ~ '^ *[-+]?([0-9]{1,14}(\.[0-9]*)?|\.[0-9]+) *$' then (round(trim(value)::numeric, 4) * 10000)::bigint
        when value ~ '^ *[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]{1,2} *$' then
            case when length(substring(value from '[0-9.]+')) <= 16 and abs(trim(value)::float8) < 1e14
                then (sign(trim(value)::float8) * trunc(abs(trim(value)::float8) * 10000 + 0.5))::bigint end
    end $$;

alter table customer_attributes add column number bigint generated always as (crm_number(value)) stored;
alter table order_attributes add column number bigint generated always as (crm_number(value)) stored;
alter table ticket_attributes add column number bigint generated always as (crm_number(value)) stored;

create index ix_customer_attributes_key_number on customer_attributes ("key", number) where number is not null;
