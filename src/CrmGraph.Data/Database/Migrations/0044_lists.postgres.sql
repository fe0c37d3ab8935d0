-- The lines of an order, in their order and with what lists show of them, lie beside those of the customer's other orders: a list of customers with
-- orders and lines read a row elsewhere in the table for each line, and sorted each order's lines.
drop index ix_order_lines_customer_id_order_id;
create index ix_order_lines_customer_id_order_id on order_lines (customer_id, order_id, id) include (product_id, quantity, amount);

-- Pages of customers in time order come sorted from an index with both keys. For filters by time PostgreSQL weighs such an index too dear (it takes three
-- quarters of its correlation), so these keep one of the moment alone.
drop index ix_customers_created_at_id;
create index ix_customers_created_at_id on customers (created_at, id);
create index ix_customers_created_at on customers (created_at);
