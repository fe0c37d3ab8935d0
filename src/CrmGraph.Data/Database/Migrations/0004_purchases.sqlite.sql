-- Whether a customer bought within a window of days is asked once per customer or purchase by every metric of coming and going: without
-- the day in the index all of the customer's orders are read for it (customers lost in half a year of 24,000 orders: 54 ms against 12 ms).
CREATE INDEX ix_orders_customer_id_day_of_sales ON orders (customer_id, day) WHERE kind = 'SALE' AND cancelled_at IS NULL;
