-- Customers of a market in the order in which they came, or of some months: lists filter by both. Without them a page of the customers of a region and
-- a month read all of the month, nine times what it showed.
create index ix_customers_region_created_at on customers (region, created_at);
create index ix_customers_country_created_at on customers (country, created_at);

-- Guests are told by their ids, so that whose fact is a guest's needs no look at the customer.
UPDATE customers SET is_guest = NOT is_guest
WHERE is_guest <> (id BETWEEN x'00000000000080008000000000000000' AND x'0000000000008000800000000000003F');
CREATE TRIGGER customers_guests_insert BEFORE INSERT ON customers
WHEN NEW.is_guest <> (NEW.id BETWEEN x'00000000000080008000000000000000' AND x'0000000000008000800000000000003F')
BEGIN SELECT RAISE(ABORT, 'customers: is_guest is 1 for the reserved ids 00000000-0000-8000-8000-000000000000 to ...3f, and 0 for all others.'); END;
CREATE TRIGGER customers_guests_update BEFORE UPDATE OF id, is_guest ON customers
WHEN NEW.is_guest <> (NEW.id BETWEEN x'00000000000080008000000000000000' AND x'0000000000008000800000000000003F')
BEGIN SELECT RAISE(ABORT, 'customers: is_guest is 1 for the reserved ids 00000000-0000-8000-8000-000000000000 to ...3f, and 0 for all others.'); END;
