-- The customers of a region and a month: of an index with two keys PostgreSQL believes three quarters of the first one's correlation, so it read all of the
-- month by this one and left out the others (1,335 of 1,906 rows). (created_at, id) finds months, too, and lists of a month in another order say by
-- themselves that the filter comes first.
drop index ix_customers_created_at;
