-- What an opportunity would sell.
alter table opportunities add column product_id uuid;
