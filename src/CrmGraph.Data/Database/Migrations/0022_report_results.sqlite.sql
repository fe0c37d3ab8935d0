-- Kept results are found by the days that they are about, and shown only while their readers still see every row of then. Those of before tell
-- neither, and may name persons who were erased since: they are dropped, a run makes them anew.

DELETE FROM report_results;
ALTER TABLE report_results ADD COLUMN dates TEXT NOT NULL DEFAULT '';
ALTER TABLE report_results ADD COLUMN departures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report_results ADD COLUMN has_rows INTEGER NOT NULL DEFAULT 1;

CREATE TABLE owner_departures (
    sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    owner_id BLOB NOT NULL
);
CREATE INDEX ix_owner_departures_owner_id ON owner_departures (owner_id);

CREATE TRIGGER customers_departed_update AFTER UPDATE OF owner_id, is_guest ON customers
WHEN OLD.owner_id IS NOT NULL AND (NEW.owner_id IS NOT OLD.owner_id OR NEW.is_guest)
BEGIN
    INSERT INTO owner_departures (owner_id) VALUES (OLD.owner_id);
END;
CREATE TRIGGER customers_departed_delete AFTER DELETE ON customers WHEN OLD.owner_id IS NOT NULL
BEGIN
    INSERT INTO owner_departures (owner_id) VALUES (OLD.owner_id);
END;

-- A fact that goes to another customer; its customer's own departure is noted above.

CREATE TRIGGER orders_departed_update AFTER UPDATE OF customer_id ON orders WHEN NEW.customer_id <> OLD.customer_id
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;
CREATE TRIGGER orders_departed_delete AFTER DELETE ON orders
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;

CREATE TRIGGER opportunities_departed_update AFTER UPDATE OF customer_id ON opportunities WHEN NEW.customer_id <> OLD.customer_id
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;
CREATE TRIGGER opportunities_departed_delete AFTER DELETE ON opportunities
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;

CREATE TRIGGER contracts_departed_update AFTER UPDATE OF customer_id ON contracts WHEN NEW.customer_id <> OLD.customer_id
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;
CREATE TRIGGER contracts_departed_delete AFTER DELETE ON contracts
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;

CREATE TRIGGER interactions_departed_update AFTER UPDATE OF customer_id ON interactions WHEN NEW.customer_id <> OLD.customer_id
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;
CREATE TRIGGER interactions_departed_delete AFTER DELETE ON interactions
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;

CREATE TRIGGER tickets_departed_update AFTER UPDATE OF customer_id ON tickets WHEN NEW.customer_id <> OLD.customer_id
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;
CREATE TRIGGER tickets_departed_delete AFTER DELETE ON tickets
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;

CREATE TRIGGER survey_answers_departed_update AFTER UPDATE OF customer_id ON survey_answers WHEN NEW.customer_id <> OLD.customer_id
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;
CREATE TRIGGER survey_answers_departed_delete AFTER DELETE ON survey_answers
BEGIN
    INSERT INTO owner_departures (owner_id) SELECT owner_id FROM customers WHERE id = OLD.customer_id AND owner_id IS NOT NULL;
END;
