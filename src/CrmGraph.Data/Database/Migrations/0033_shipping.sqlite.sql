-- Where an order was shipped to.
ALTER TABLE orders ADD COLUMN shipping_country TEXT;
ALTER TABLE orders ADD COLUMN shipping_country_folded TEXT;
ALTER TABLE orders ADD COLUMN shipping_region TEXT;
ALTER TABLE orders ADD COLUMN shipping_region_folded TEXT;
ALTER TABLE orders ADD COLUMN shipping_city TEXT;
ALTER TABLE orders ADD COLUMN shipping_city_folded TEXT;
ALTER TABLE orders ADD COLUMN shipping_postal_code TEXT;
