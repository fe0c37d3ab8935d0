-- What the database keeps right whoever writes; the same rules as on PostgreSQL, by row. History is not here: its triggers name every column, so
-- the program makes them from the catalog after the migrations (SqliteHistory).

-- Facts of unknown customers are refused.

CREATE TRIGGER orders_customer BEFORE INSERT ON orders WHEN NOT EXISTS (SELECT 1 FROM customers WHERE id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'orders: there is no such customer. Write the customer first.'); END;
CREATE TRIGGER order_lines_customer BEFORE INSERT ON order_lines WHEN NOT EXISTS (SELECT 1 FROM customers WHERE id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'order_lines: there is no such customer. Write the customer first.'); END;
CREATE TRIGGER opportunities_customer BEFORE INSERT ON opportunities WHEN NOT EXISTS (SELECT 1 FROM customers WHERE id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'opportunities: there is no such customer. Write the customer first.'); END;
CREATE TRIGGER opportunity_stages_customer BEFORE INSERT ON opportunity_stages WHEN NOT EXISTS (SELECT 1 FROM customers WHERE id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'opportunity_stages: there is no such customer. Write the customer first.'); END;
CREATE TRIGGER contracts_customer BEFORE INSERT ON contracts WHEN NOT EXISTS (SELECT 1 FROM customers WHERE id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'contracts: there is no such customer. Write the customer first.'); END;
CREATE TRIGGER interactions_customer BEFORE INSERT ON interactions WHEN NOT EXISTS (SELECT 1 FROM customers WHERE id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'interactions: there is no such customer. Write the customer first.'); END;
CREATE TRIGGER tickets_customer BEFORE INSERT ON tickets WHEN NOT EXISTS (SELECT 1 FROM customers WHERE id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'tickets: there is no such customer. Write the customer first.'); END;
CREATE TRIGGER survey_answers_customer BEFORE INSERT ON survey_answers WHEN NOT EXISTS (SELECT 1 FROM customers WHERE id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'survey_answers: there is no such customer. Write the customer first.'); END;

-- A line's day and hour are its order's.

CREATE TRIGGER order_lines_day AFTER INSERT ON order_lines
WHEN EXISTS (SELECT 1 FROM orders WHERE customer_id = NEW.customer_id AND id = NEW.order_id AND (day <> NEW.day OR hour <> NEW.hour))
BEGIN SELECT RAISE(ABORT, 'order_lines: the day or the hour is not that of its order.'); END;

-- A customer goes only when no fact is left, and takes along what is kept about him.

CREATE TRIGGER customers_facts BEFORE DELETE ON customers
WHEN EXISTS (SELECT 1 FROM orders WHERE customer_id = OLD.id) OR EXISTS (SELECT 1 FROM tickets WHERE customer_id = OLD.id)
    OR EXISTS (SELECT 1 FROM interactions WHERE customer_id = OLD.id) OR EXISTS (SELECT 1 FROM survey_answers WHERE customer_id = OLD.id)
    OR EXISTS (SELECT 1 FROM opportunities WHERE customer_id = OLD.id) OR EXISTS (SELECT 1 FROM contracts WHERE customer_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'customers: facts belong to this customer. Delete or move the facts first.'); END;

CREATE TRIGGER customers_deleted AFTER DELETE ON customers
BEGIN
    DELETE FROM customer_figures WHERE customer_id = OLD.id;
    DELETE FROM customer_money WHERE customer_id = OLD.id;
    DELETE FROM customer_stages WHERE customer_id = OLD.id;
    DELETE FROM customer_attributes WHERE customer_id = OLD.id;
END;

-- Lines follow their order and go with it.

CREATE TRIGGER orders_lines_follow AFTER UPDATE OF day, hour, currency, channel, owner_id, cancelled_at ON orders
WHEN (NEW.day, NEW.hour, NEW.currency, NEW.channel, NEW.owner_id, NEW.cancelled_at) IS NOT (OLD.day, OLD.hour, OLD.currency, OLD.channel, OLD.owner_id, OLD.cancelled_at)
BEGIN
    UPDATE order_lines
    SET day = NEW.day, hour = NEW.hour, currency = NEW.currency, channel = NEW.channel, owner_id = NEW.owner_id, cancelled_at = NEW.cancelled_at, updated_at = NEW.updated_at
    WHERE customer_id = NEW.customer_id AND order_id = NEW.id
        AND (day, hour, currency, channel, owner_id, cancelled_at) IS NOT (NEW.day, NEW.hour, NEW.currency, NEW.channel, NEW.owner_id, NEW.cancelled_at);
END;

CREATE TRIGGER orders_lines_go AFTER DELETE ON orders
BEGIN
    DELETE FROM order_lines WHERE customer_id = OLD.customer_id AND order_id = OLD.id;
END;

CREATE TRIGGER opportunities_stages_go AFTER DELETE ON opportunities
BEGIN
    DELETE FROM opportunity_stages WHERE customer_id = OLD.customer_id AND opportunity_id = OLD.id;
END;

-- Figures, money and stages. Every customer has a row of figures; money has a row where a sum is not zero.

CREATE TRIGGER customers_inserted AFTER INSERT ON customers
BEGIN
    INSERT INTO customer_figures (customer_id) VALUES (NEW.id) ON CONFLICT (customer_id) DO NOTHING;
    -- An importer that knows the stages writes them before the customer.
    INSERT INTO customer_stages (customer_id, stage, "from")
    SELECT NEW.id, NEW.lifecycle_stage, NEW.created_at WHERE NOT EXISTS (SELECT 1 FROM customer_stages WHERE customer_id = NEW.id);
END;

CREATE TRIGGER customers_stage AFTER UPDATE OF lifecycle_stage ON customers WHEN NEW.lifecycle_stage <> OLD.lifecycle_stage
BEGIN
    UPDATE customer_stages SET "to" = NEW.updated_at WHERE customer_id = NEW.id AND "to" IS NULL;
    INSERT INTO customer_stages (customer_id, stage, "from") VALUES (NEW.id, NEW.lifecycle_stage, NEW.updated_at)
    ON CONFLICT (customer_id, "from") DO UPDATE SET stage = excluded.stage, "to" = NULL;
END;

CREATE TRIGGER orders_figures_insert AFTER INSERT ON orders WHEN NEW.cancelled_at IS NULL
BEGIN
    INSERT INTO customer_figures (customer_id, first_purchase_day, last_purchase_day, order_count)
    SELECT NEW.customer_id, NEW.day, NEW.day, 1 WHERE NEW.kind = 'SALE'
    ON CONFLICT (customer_id) DO UPDATE SET
        first_purchase_day = min(ifnull(first_purchase_day, excluded.first_purchase_day), excluded.first_purchase_day),
        last_purchase_day = max(ifnull(last_purchase_day, excluded.last_purchase_day), excluded.last_purchase_day),
        order_count = order_count + 1;
    INSERT INTO customer_money (customer_id, currency, gross_amount, returned_amount)
    SELECT NEW.customer_id, NEW.currency, NEW.gross_amount, NEW.returned_amount WHERE NEW.gross_amount <> 0 OR NEW.returned_amount <> 0
    ON CONFLICT (customer_id, currency) DO UPDATE SET
        gross_amount = gross_amount + excluded.gross_amount, returned_amount = returned_amount + excluded.returned_amount;
END;

CREATE TRIGGER orders_figures_delete AFTER DELETE ON orders WHEN OLD.cancelled_at IS NULL
BEGIN
    UPDATE customer_figures SET
        order_count = order_count - 1,
        first_purchase_day = CASE WHEN first_purchase_day < OLD.day THEN first_purchase_day
            ELSE (SELECT min(day) FROM orders WHERE customer_id = OLD.customer_id AND kind = 'SALE' AND cancelled_at IS NULL) END,
        last_purchase_day = CASE WHEN last_purchase_day > OLD.day THEN last_purchase_day
            ELSE (SELECT max(day) FROM orders WHERE customer_id = OLD.customer_id AND kind = 'SALE' AND cancelled_at IS NULL) END
    WHERE customer_id = OLD.customer_id AND OLD.kind = 'SALE';
    UPDATE customer_money SET gross_amount = gross_amount - OLD.gross_amount, returned_amount = returned_amount - OLD.returned_amount
    WHERE customer_id = OLD.customer_id AND currency = OLD.currency;
    DELETE FROM customer_money WHERE customer_id = OLD.customer_id AND currency = OLD.currency AND gross_amount = 0 AND returned_amount = 0;
END;

-- The old row taken away, the new one added; the days are read again, since both are in the table's new state.
CREATE TRIGGER orders_figures_update AFTER UPDATE OF customer_id, kind, day, currency, gross_amount, returned_amount, cancelled_at ON orders
WHEN (NEW.customer_id, NEW.kind, NEW.day, NEW.currency, NEW.gross_amount, NEW.returned_amount, NEW.cancelled_at)
    IS NOT (OLD.customer_id, OLD.kind, OLD.day, OLD.currency, OLD.gross_amount, OLD.returned_amount, OLD.cancelled_at)
BEGIN
    INSERT INTO customer_figures (customer_id) VALUES (NEW.customer_id) ON CONFLICT (customer_id) DO NOTHING;
    UPDATE customer_figures SET order_count = order_count - 1 WHERE customer_id = OLD.customer_id AND OLD.kind = 'SALE' AND OLD.cancelled_at IS NULL;
    UPDATE customer_figures SET order_count = order_count + 1 WHERE customer_id = NEW.customer_id AND NEW.kind = 'SALE' AND NEW.cancelled_at IS NULL;
    UPDATE customer_figures SET
        first_purchase_day = (SELECT min(day) FROM orders o WHERE o.customer_id = customer_figures.customer_id AND kind = 'SALE' AND cancelled_at IS NULL),
        last_purchase_day = (SELECT max(day) FROM orders o WHERE o.customer_id = customer_figures.customer_id AND kind = 'SALE' AND cancelled_at IS NULL)
    WHERE customer_id IN (OLD.customer_id, NEW.customer_id)
        AND (NEW.customer_id, NEW.kind, NEW.day, NEW.cancelled_at) IS NOT (OLD.customer_id, OLD.kind, OLD.day, OLD.cancelled_at);
    UPDATE customer_money SET gross_amount = gross_amount - OLD.gross_amount, returned_amount = returned_amount - OLD.returned_amount
    WHERE customer_id = OLD.customer_id AND currency = OLD.currency AND OLD.cancelled_at IS NULL;
    INSERT INTO customer_money (customer_id, currency, gross_amount, returned_amount)
    SELECT NEW.customer_id, NEW.currency, NEW.gross_amount, NEW.returned_amount WHERE NEW.cancelled_at IS NULL
    ON CONFLICT (customer_id, currency) DO UPDATE SET
        gross_amount = gross_amount + excluded.gross_amount, returned_amount = returned_amount + excluded.returned_amount;
    DELETE FROM customer_money WHERE customer_id IN (OLD.customer_id, NEW.customer_id) AND gross_amount = 0 AND returned_amount = 0;
END;
