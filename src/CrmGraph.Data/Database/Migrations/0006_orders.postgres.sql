-- Rows without a value come last in both directions. They are read apart from the others, so that plain indexes serve both directions, and
-- conditions on the value too; before, (x is null, x, id) served the ascending order alone. Lists under one parent walk an index that begins
-- with the parent and goes on in the list's own order. Which orders have no index is said at the properties; a test reads the plans.

drop index ix_customers_email_folded_id;
create index ix_customers_email_folded_id on customers (email_folded, id);
drop index ix_customers_phone_folded_id;
create index ix_customers_phone_folded_id on customers (phone_folded, id);
drop index ix_customers_country_folded_id;
create index ix_customers_country_folded_id on customers (country_folded, id);
drop index ix_customers_region_folded_id;
create index ix_customers_region_folded_id on customers (region_folded, id);
drop index ix_customers_city_folded_id;
create index ix_customers_city_folded_id on customers (city_folded, id);
drop index ix_customers_industry_folded_id;
create index ix_customers_industry_folded_id on customers (industry_folded, id);
drop index ix_customers_birth_date_id;
create index ix_customers_birth_date_id on customers (birth_date, id);
drop index ix_customer_figures_last_purchase_day_customer_id;
create index ix_customer_figures_last_purchase_day_customer_id on customer_figures (last_purchase_day, customer_id);
drop index ix_customer_figures_first_purchase_day_customer_id;
create index ix_customer_figures_first_purchase_day_customer_id on customer_figures (first_purchase_day, customer_id);
drop index ix_products_category_folded_id;
create index ix_products_category_folded_id on products (category_folded, id);

drop index ix_orders_number;
create index ix_orders_number_id on orders (number, id);
drop index ix_order_lines_product_id;
create index ix_order_lines_product_id_day_id on order_lines (product_id, day, id);
drop index ix_customers_owner_id_id;
create index ix_customers_owner_id_created_at_id on customers (owner_id, created_at, id);

create index ix_orders_gross_amount_id on orders (gross_amount, id);
create index ix_opportunities_amount_id on opportunities (amount, id);
create index ix_opportunities_expected_close_day_id on opportunities (expected_close_day, id);
