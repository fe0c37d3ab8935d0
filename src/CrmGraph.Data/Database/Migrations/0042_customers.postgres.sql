-- Customers of a market in the order in which they came, or of some months: lists filter by both. Without them a page of the customers of a region and
-- a month read all of the month, nine times what it showed.
create index ix_customers_region_created_at on customers (region, created_at);
create index ix_customers_country_created_at on customers (country, created_at);

-- Guests are told by their ids, so that whose fact is a guest's needs no look at the customer.
update customers set is_guest = not is_guest
where is_guest <> (id between '00000000-0000-8000-8000-000000000000' and '00000000-0000-8000-8000-00000000003f');
alter table customers add constraint customers_guests_check
    check (is_guest = (id between '00000000-0000-8000-8000-000000000000' and '00000000-0000-8000-8000-00000000003f'));
