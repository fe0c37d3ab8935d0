-- Whoever inserts many rows at once says so here, within his transaction: then the triggers below, and those of changes, leave it to him to note all
-- rows of the table together (SqliteBulkNotes). Nobody ever sees a row here but the transaction that wrote it.

CREATE TABLE bulk_inserts (
    "table" TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

DROP TRIGGER orders_figures_insert;
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

DROP TRIGGER orders_rollup_insert;
CREATE TRIGGER orders_rollup_insert AFTER INSERT ON orders
WHEN NOT EXISTS (SELECT 1 FROM bulk_inserts WHERE "table" = 'orders')
BEGIN
    INSERT INTO rollup_marks (day) SELECT NEW.day WHERE NOT EXISTS (SELECT 1 FROM rollup_marks WHERE day = NEW.day AND is_final = 0);
END;
