-- A stamp for each set of customers, new each time it is written, by which a server knows what it has read before; and an index for those who see
-- the customers of some owners alone.
ALTER TABLE sales_day_customers ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;
CREATE INDEX ix_sales_days_scope ON sales_days (rollup, scope_id, day) WHERE scope_id IS NOT NULL;
CREATE INDEX ix_sales_day_customers_scope ON sales_day_customers (rollup, scope_id, day) WHERE scope_id IS NOT NULL;

-- All days: they have no stamps.
INSERT INTO rollup_marks (day) VALUES (NULL);
