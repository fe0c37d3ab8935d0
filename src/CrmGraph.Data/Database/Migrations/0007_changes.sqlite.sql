-- Changes are noted here too, one row for each table and day that was ever written, with a number that grows with every writing of it: the triggers
-- (SqliteChanges, made after the migrations) find the old row by table and day. Nothing is pruned.

DROP INDEX ix_changes_changed_at;
CREATE INDEX ix_changes_table_from_day ON changes ("table", from_day);
