-- The campaign that brought an order. Attribution looks for a customer's sales with one, which few orders have.

ALTER TABLE orders ADD COLUMN campaign_id BLOB;
CREATE INDEX ix_orders_customer_id_of_campaigns ON orders (customer_id, ordered_at, id, campaign_id, day, kind)
    WHERE campaign_id IS NOT NULL AND cancelled_at IS NULL;
