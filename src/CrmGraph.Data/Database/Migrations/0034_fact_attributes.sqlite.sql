-- Free attributes of orders and tickets, as customers have them. They go with their row.

CREATE TABLE order_attributes (
    customer_id BLOB NOT NULL,
    fact_id BLOB NOT NULL,
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    value_folded TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (customer_id, fact_id, "key")
);
CREATE INDEX ix_order_attributes_key_value_folded ON order_attributes ("key", value_folded);
CREATE TRIGGER order_attributes_fact BEFORE INSERT ON order_attributes WHEN NOT EXISTS (SELECT 1 FROM orders WHERE customer_id = NEW.customer_id AND id = NEW.fact_id)
BEGIN SELECT RAISE(ABORT, 'order_attributes: there is no such order of this customer. Write the order first.'); END;
CREATE TRIGGER orders_attributes_go AFTER DELETE ON orders
BEGIN
    DELETE FROM order_attributes WHERE customer_id = OLD.customer_id AND fact_id = OLD.id;
END;

CREATE TABLE ticket_attributes (
    customer_id BLOB NOT NULL,
    fact_id BLOB NOT NULL,
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    value_folded TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (customer_id, fact_id, "key")
);
CREATE INDEX ix_ticket_attributes_key_value_folded ON ticket_attributes ("key", value_folded);
CREATE TRIGGER ticket_attributes_fact BEFORE INSERT ON ticket_attributes WHEN NOT EXISTS (SELECT 1 FROM tickets WHERE customer_id = NEW.customer_id AND id = NEW.fact_id)
BEGIN SELECT RAISE(ABORT, 'ticket_attributes: there is no such ticket of this customer. Write the ticket first.'); END;
CREATE TRIGGER tickets_attributes_go AFTER DELETE ON tickets
BEGIN
    DELETE FROM ticket_attributes WHERE customer_id = OLD.customer_id AND fact_id = OLD.id;
END;
