-- The price of a list, which imports look up. No figure reads it: orders have their own.

alter table products add column price bigint;
alter table products add column currency text collate "C";
