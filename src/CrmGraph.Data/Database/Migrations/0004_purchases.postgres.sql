-- Whether a customer bought within a window of days is asked once per customer or purchase by every metric of coming and going: without
-- the day in the index all of the customer's orders are read for it.
create index ix_orders_customer_id_day_of_sales on orders (customer_id, day) where kind = 'SALE' and cancelled_at is null;
