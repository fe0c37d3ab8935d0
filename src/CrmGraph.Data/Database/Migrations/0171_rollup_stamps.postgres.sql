-- A stamp for each set of customers, new each time it is written, by which a server knows what it has read before; and an index for those who see
-- the customers of some owners alone.
alter table sales_day_customers add column stamp bigint not null default 0;
create index ix_sales_days_scope on sales_days (rollup, scope_id, day) where scope_id is not null;
create index ix_sales_day_customers_scope on sales_day_customers (rollup, scope_id, day) where scope_id is not null;

-- All days: they have no stamps.
insert into rollup_marks (day) values (null);
