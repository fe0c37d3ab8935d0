-- The campaign that brought an order. Attribution looks for a customer's sales with one, which few orders have.

alter table orders add column campaign_id uuid;
create index ix_orders_customer_id_of_campaigns on orders (customer_id, ordered_at, id) include (campaign_id, day, kind)
    where campaign_id is not null and cancelled_at is null;
