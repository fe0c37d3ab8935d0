-- Opportunities about one product, instead of reading all. Most name none.
CREATE INDEX ix_opportunities_product_id ON opportunities (product_id) WHERE product_id IS NOT NULL;
