-- What an opportunity would sell.
ALTER TABLE opportunities ADD COLUMN product_id BLOB;
