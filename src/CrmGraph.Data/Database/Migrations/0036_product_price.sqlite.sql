-- The price of a list, which imports look up. No figure reads it: orders have their own.

ALTER TABLE products ADD COLUMN price INTEGER;
ALTER TABLE products ADD COLUMN currency TEXT;
