-- Rows without a value come last in both directions. They are read apart from the others, so that plain indexes serve both directions, and
-- conditions on the value too; before, (x is null, x, id) served the ascending order alone. Lists under one parent walk an index that begins
-- with the parent and goes on in the list's own order. Which orders have no index is said at the properties; a test reads the plans.

DROP INDEX ix_customers_email_folded_id;
CREATE INDEX ix_customers_email_folded_id ON customers (email_folded, id);
DROP INDEX ix_customers_phone_folded_id;
CREATE INDEX ix_customers_phone_folded_id ON customers (phone_folded, id);
DROP INDEX ix_customers_country_folded_id;
CREATE INDEX ix_customers_country_folded_id ON customers (country_folded, id);
DROP INDEX ix_customers_region_folded_id;
CREATE INDEX ix_customers_region_folded_id ON customers (region_folded, id);
DROP INDEX ix_customers_city_folded_id;
CREATE INDEX ix_customers_city_folded_id ON customers (city_folded, id);
DROP INDEX ix_customers_industry_folded_id;
CREATE INDEX ix_customers_industry_folded_id ON customers (industry_folded, id);
DROP INDEX ix_customers_birth_date_id;
CREATE INDEX ix_customers_birth_date_id ON customers (birth_date, id);
DROP INDEX ix_customer_figures_last_purchase_day_customer_id;
CREATE INDEX ix_customer_figures_last_purchase_day_customer_id ON customer_figures (last_purchase_day, customer_id);
DROP INDEX ix_customer_figures_first_purchase_day_customer_id;
CREATE INDEX ix_customer_figures_first_purchase_day_customer_id ON customer_figures (first_purchase_day, customer_id);
DROP INDEX ix_products_category_folded_id;
CREATE INDEX ix_products_category_folded_id ON products (category_folded, id);

DROP INDEX ix_orders_number;
CREATE INDEX ix_orders_number_id ON orders (number, id);
DROP INDEX ix_order_lines_product_id;
CREATE INDEX ix_order_lines_product_id_day_id ON order_lines (product_id, day, id);
DROP INDEX ix_customers_owner_id_id;
CREATE INDEX ix_customers_owner_id_created_at_id ON customers (owner_id, created_at, id);

CREATE INDEX ix_orders_gross_amount_id ON orders (gross_amount, id);
CREATE INDEX ix_opportunities_amount_id ON opportunities (amount, id);
CREATE INDEX ix_opportunities_expected_close_day_id ON opportunities (expected_close_day, id);
