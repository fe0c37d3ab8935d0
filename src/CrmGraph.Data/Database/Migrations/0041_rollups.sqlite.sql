-- Rollups: what the orders of a day come to, told apart by some attributes, and who bought. Written by the server from the orders, never by
-- anybody else. A day with a mark is not to be read from them; whoever changes orders, or what a rollup tells customers apart by, marks the days
-- in his own transaction.

CREATE TABLE sales_days (
    rollup INTEGER NOT NULL,
    day TEXT NOT NULL,
    slice INTEGER NOT NULL,
    currency TEXT NOT NULL,
    channel TEXT,
    region TEXT,
    country TEXT,
    owner_id BLOB,
    scope_id BLOB,
    is_known INTEGER NOT NULL,
    gross_amount INTEGER NOT NULL,
    returned_amount INTEGER NOT NULL,
    discount_amount INTEGER NOT NULL,
    order_count INTEGER NOT NULL,
    PRIMARY KEY (rollup, day, slice)
) WITHOUT ROWID;

-- Apart from the sums, which are read far more often.
CREATE TABLE sales_day_customers (
    rollup INTEGER NOT NULL,
    day TEXT NOT NULL,
    slice INTEGER NOT NULL,
    channel TEXT,
    region TEXT,
    country TEXT,
    owner_id BLOB,
    scope_id BLOB,
    buyers BLOB NOT NULL,
    others BLOB NOT NULL,
    PRIMARY KEY (rollup, day, slice)
) WITHOUT ROWID;

CREATE TABLE customer_numbers (
    customer_id BLOB NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX ux_customer_numbers_number ON customer_numbers (number);

CREATE TABLE rollup_marks (
    sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    day TEXT,
    is_final INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX ix_rollup_marks_day ON rollup_marks (day);
-- All days.
INSERT INTO rollup_marks (day) VALUES (NULL);

-- Writers follow each other, so that a mark which is there already holds until it is taken: no second one is needed.
CREATE TRIGGER orders_rollup_insert AFTER INSERT ON orders
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
