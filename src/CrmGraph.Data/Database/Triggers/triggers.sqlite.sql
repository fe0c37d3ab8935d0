-- What the database keeps right whoever writes, as on PostgreSQL, but by row. What is alike for many tables is made from the list of tables
-- (SqliteTriggers), and what names every column from the catalog (SqliteHistory).

-- A line's day and hour are its order's.

CREATE TRIGGER order_lines_day AFTER INSERT ON order_lines
WHEN EXISTS (SELECT 1 FROM orders WHERE customer_id = NEW.customer_id AND id = NEW.order_id AND (day <> NEW.day OR hour <> NEW.hour))
BEGIN SELECT RAISE(ABORT, 'order_lines: the day or the hour is not that of its order.'); END;

-- A customer takes along what is kept about him.

CREATE TRIGGER customers_deleted AFTER DELETE ON customers
BEGIN
    DELETE FROM customer_figures WHERE customer_id = OLD.id;
    DELETE FROM customer_scores WHERE customer_id = OLD.id;
    DELETE FROM customer_money WHERE customer_id = OLD.id;
    DELETE FROM customer_stages WHERE customer_id = OLD.id;
    DELETE FROM customer_attributes WHERE customer_id = OLD.id;
END;

-- Guests are told by their ids, so that whose fact is a guest's needs no look at the customer.

CREATE TRIGGER customers_guests_insert BEFORE INSERT ON customers
WHEN NEW.is_guest <> (NEW.id BETWEEN x'00000000000080008000000000000000' AND x'0000000000008000800000000000003F')
BEGIN SELECT RAISE(ABORT, 'customers: is_guest is 1 for the reserved ids 00000000-0000-8000-8000-000000000000 to ...3f, and 0 for all others.'); END;
CREATE TRIGGER customers_guests_update BEFORE UPDATE OF id, is_guest ON customers
WHEN NEW.is_guest <> (NEW.id BETWEEN x'00000000000080008000000000000000' AND x'0000000000008000800000000000003F')
BEGIN SELECT RAISE(ABORT, 'customers: is_guest is 1 for the reserved ids 00000000-0000-8000-8000-000000000000 to ...3f, and 0 for all others.'); END;

-- Lines follow their order.

CREATE TRIGGER orders_lines_follow AFTER UPDATE OF day, hour, currency, channel, owner_id, cancelled_at ON orders
WHEN (NEW.day, NEW.hour, NEW.currency, NEW.channel, NEW.owner_id, NEW.cancelled_at) IS NOT (OLD.day, OLD.hour, OLD.currency, OLD.channel, OLD.owner_id, OLD.cancelled_at)
BEGIN
    UPDATE order_lines
    SET day = NEW.day, hour = NEW.hour, currency = NEW.currency, channel = NEW.channel, owner_id = NEW.owner_id, cancelled_at = NEW.cancelled_at, updated_at = NEW.updated_at
    WHERE customer_id = NEW.customer_id AND order_id = NEW.id
        AND (day, hour, currency, channel, owner_id, cancelled_at) IS NOT (NEW.day, NEW.hour, NEW.currency, NEW.channel, NEW.owner_id, NEW.cancelled_at);
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

-- Whoever inserts many rows at once says so in bulk_inserts, within his transaction, and notes all rows of the table together (SqliteBulkNotes).
CREATE TRIGGER orders_figures_insert AFTER INSERT ON orders
WHEN NEW.cancelled_at IS NULL AND NOT EXISTS (SELECT 1 FROM bulk_inserts WHERE "table" = 'orders')
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

-- An order that makes a sum inexact is refused.

CREATE TRIGGER customer_money_inserted AFTER INSERT ON customer_money WHEN typeof(NEW.gross_amount) <> 'integer' OR typeof(NEW.returned_amount) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'customer_money: the sum of the orders of this customer is above 922337203685477 in this currency.'); END;
CREATE TRIGGER customer_money_updated AFTER UPDATE ON customer_money WHEN typeof(NEW.gross_amount) <> 'integer' OR typeof(NEW.returned_amount) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'customer_money: the sum of the orders of this customer is above 922337203685477 in this currency.'); END;

-- A rate whose reporting currency was changed remembers it, and holds again when that currency comes back.

CREATE TRIGGER settings_currency AFTER UPDATE OF currency ON settings WHEN NEW.currency <> OLD.currency
BEGIN
    UPDATE exchange_rates SET quoted_in = OLD.currency WHERE quoted_in IS NULL;
    UPDATE exchange_rates SET quoted_in = NULL WHERE quoted_in = NEW.currency;
END;

-- Days whose rollups are stale. Writers follow each other, so that a mark which is there already holds until it is taken: no second one is needed.

CREATE TRIGGER orders_rollup_insert AFTER INSERT ON orders
WHEN NOT EXISTS (SELECT 1 FROM bulk_inserts WHERE "table" = 'orders')
BEGIN
    INSERT INTO rollup_marks (day) SELECT NEW.day WHERE NOT EXISTS (SELECT 1 FROM rollup_marks WHERE day = NEW.day AND is_final = 0);
END;
CREATE TRIGGER orders_rollup_update AFTER UPDATE ON orders
BEGIN
    INSERT INTO rollup_marks (day) SELECT NEW.day WHERE NOT EXISTS (SELECT 1 FROM rollup_marks WHERE day = NEW.day AND is_final = 0);
    INSERT INTO rollup_marks (day) SELECT OLD.day WHERE NOT EXISTS (SELECT 1 FROM rollup_marks WHERE day = OLD.day AND is_final = 0);
END;
CREATE TRIGGER orders_rollup_delete AFTER DELETE ON orders
BEGIN
    INSERT INTO rollup_marks (day) SELECT OLD.day WHERE NOT EXISTS (SELECT 1 FROM rollup_marks WHERE day = OLD.day AND is_final = 0);
END;
CREATE TRIGGER customers_rollup_update AFTER UPDATE OF region, country, owner_id, is_guest ON customers
WHEN OLD.region IS NOT NEW.region OR OLD.country IS NOT NEW.country OR OLD.owner_id IS NOT NEW.owner_id OR OLD.is_guest IS NOT NEW.is_guest
BEGIN
    INSERT INTO rollup_marks (day)
    SELECT DISTINCT o.day FROM orders o
    WHERE o.customer_id = NEW.id AND NOT EXISTS (SELECT 1 FROM rollup_marks m WHERE m.day = o.day AND m.is_final = 0);
END;

-- Servers keep exchange rates and days of rollups in memory, by stamps that are others after each change, by whomever.

CREATE TRIGGER exchange_rates_stamp_insert AFTER INSERT ON exchange_rates BEGIN UPDATE data_stamps SET stamp = random() WHERE name = 'rates'; END;
CREATE TRIGGER exchange_rates_stamp_update AFTER UPDATE ON exchange_rates BEGIN UPDATE data_stamps SET stamp = random() WHERE name = 'rates'; END;
CREATE TRIGGER exchange_rates_stamp_delete AFTER DELETE ON exchange_rates BEGIN UPDATE data_stamps SET stamp = random() WHERE name = 'rates'; END;
CREATE TRIGGER sales_day_orders_stamp_insert AFTER INSERT ON sales_day_orders BEGIN UPDATE data_stamps SET stamp = random() WHERE name = 'rollups'; END;
CREATE TRIGGER sales_day_orders_stamp_update AFTER UPDATE ON sales_day_orders BEGIN UPDATE data_stamps SET stamp = random() WHERE name = 'rollups'; END;
CREATE TRIGGER sales_day_orders_stamp_delete AFTER DELETE ON sales_day_orders BEGIN UPDATE data_stamps SET stamp = random() WHERE name = 'rollups'; END;

-- Whose texts changed or are missing is searched by the letters that plain SQL can fold. Who changes a text and leaves its folded form as it was has
-- not changed this either.

CREATE TRIGGER customers_search AFTER INSERT ON customers
WHEN NEW.search_text = '' AND (NEW.name <> '' OR NEW.email <> '' OR NEW.phone <> '')
BEGIN
    UPDATE customers SET search_text =
        {{search_text}}
    WHERE id = NEW.id;
END;

CREATE TRIGGER customers_search_change AFTER UPDATE OF name, email, phone ON customers
WHEN NEW.search_text = OLD.search_text AND (NEW.name <> OLD.name AND NEW.name_folded = OLD.name_folded
    OR NEW.email IS NOT OLD.email AND NEW.email_folded IS OLD.email_folded OR NEW.phone IS NOT OLD.phone AND NEW.phone_folded IS OLD.phone_folded)
BEGIN
    UPDATE customers SET search_text =
        {{search_text}}
    WHERE id = NEW.id;
END;

-- The owners of customers that went to somebody else or were deleted: their reports may no longer be shown.

CREATE TRIGGER customers_departed_update AFTER UPDATE OF owner_id, is_guest ON customers
WHEN OLD.owner_id IS NOT NULL AND (NEW.owner_id IS NOT OLD.owner_id OR NEW.is_guest)
BEGIN
    INSERT INTO owner_departures (owner_id) VALUES (OLD.owner_id);
END;
CREATE TRIGGER customers_departed_delete AFTER DELETE ON customers WHEN OLD.owner_id IS NOT NULL
BEGIN
    INSERT INTO owner_departures (owner_id) VALUES (OLD.owner_id);
END;
