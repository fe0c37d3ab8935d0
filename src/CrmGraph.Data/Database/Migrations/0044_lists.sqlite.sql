-- The lines of an order, in their order and with what lists show of them, lie beside those of the customer's other orders: a list of customers with
-- orders and lines read a row elsewhere in the table for each line, and sorted each order's lines.
DROP INDEX ix_order_lines_customer_id_order_id;
CREATE INDEX ix_order_lines_customer_id_order_id ON order_lines (customer_id, order_id, id, product_id, quantity, amount);
