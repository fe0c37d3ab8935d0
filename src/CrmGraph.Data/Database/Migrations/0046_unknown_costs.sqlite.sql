-- A cost that nobody told is not a cost of 0. Until now both were 0: those become unknown, and orders whose lines all have a cost keep theirs.

-- They name every column, and are made anew after migrations.
DROP TRIGGER IF EXISTS order_lines_history_update;
DROP TRIGGER IF EXISTS order_lines_history_delete;
DROP TRIGGER IF EXISTS orders_history_update;
DROP TRIGGER IF EXISTS orders_history_delete;

ALTER TABLE order_lines RENAME COLUMN cost_amount TO cost_or_zero;
ALTER TABLE order_lines ADD COLUMN cost_amount INTEGER;
UPDATE order_lines SET cost_amount = cost_or_zero WHERE cost_or_zero <> 0;
ALTER TABLE order_lines DROP COLUMN cost_or_zero;

ALTER TABLE orders RENAME COLUMN cost_amount TO cost_or_zero;
ALTER TABLE orders ADD COLUMN cost_amount INTEGER;
UPDATE orders AS o SET cost_amount = cost_or_zero WHERE cost_or_zero <> 0 AND NOT EXISTS (
    SELECT 1 FROM order_lines l WHERE l.customer_id = o.customer_id AND l.order_id = o.id AND l.kind = 'SALE' AND l.cost_amount IS NULL);
ALTER TABLE orders DROP COLUMN cost_or_zero;
