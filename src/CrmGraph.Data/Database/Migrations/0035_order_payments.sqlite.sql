-- What was paid for orders, in their currency. Payments go with their order.

CREATE TABLE order_payments (
    customer_id BLOB NOT NULL,
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    order_id BLOB NOT NULL,
    paid_at TEXT NOT NULL,
    amount INTEGER NOT NULL,
    method TEXT,
    method_folded TEXT,
    reference TEXT,
    PRIMARY KEY (customer_id, id)
);
CREATE INDEX ix_order_payments_id ON order_payments (id);
CREATE INDEX ix_order_payments_customer_id_order_id ON order_payments (customer_id, order_id);
CREATE TRIGGER order_payments_order BEFORE INSERT ON order_payments WHEN NOT EXISTS (SELECT 1 FROM orders WHERE customer_id = NEW.customer_id AND id = NEW.order_id)
BEGIN SELECT RAISE(ABORT, 'order_payments: there is no such order of this customer. Write the order first.'); END;
CREATE TRIGGER orders_payments_go AFTER DELETE ON orders
BEGIN
    DELETE FROM order_payments WHERE customer_id = OLD.customer_id AND order_id = OLD.id;
END;
