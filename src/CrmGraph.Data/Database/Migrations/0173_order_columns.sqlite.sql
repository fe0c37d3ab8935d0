-- The orders of each day in columns, for metrics of customers whom no rollup tells apart. Kept beside the rollups, by the same marks.
CREATE TABLE sales_day_orders (
    day TEXT NOT NULL PRIMARY KEY,
    columns BLOB NOT NULL,
    stamp INTEGER NOT NULL
);

-- All days: they have no columns.
INSERT INTO rollup_marks (day) VALUES (NULL);
