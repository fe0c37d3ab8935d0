-- The orders of each day in columns, for metrics of customers whom no rollup tells apart. Kept beside the rollups, by the same marks.
create table sales_day_orders (
    day date primary key,
    columns bytea not null,
    stamp bigint not null
);
-- Amounts of a few bytes each are small already.
alter table sales_day_orders alter column columns set storage external;

-- All days: they have no columns.
insert into rollup_marks (day) values (null);
