-- Where an order was shipped to.
alter table orders
    add column shipping_country text collate "C",
    add column shipping_country_folded text collate "C",
    add column shipping_region text collate "C",
    add column shipping_region_folded text collate "C",
    add column shipping_city text collate "C",
    add column shipping_city_folded text collate "C",
    add column shipping_postal_code text collate "C";

-- Plain writers write the text alone.
create function crm_fold_orders() returns trigger language plpgsql as $$
begin
    new.shipping_country_folded := crm_fold(new.shipping_country);
    new.shipping_region_folded := crm_fold(new.shipping_region);
    new.shipping_city_folded := crm_fold(new.shipping_city);
    return new;
end $$;
create trigger d_fold before insert on orders for each row when (
    new.shipping_country_folded is null and new.shipping_country is not null
    or new.shipping_region_folded is null and new.shipping_region is not null
    or new.shipping_city_folded is null and new.shipping_city is not null) execute function crm_fold_orders();
create trigger d_fold_change before update on orders for each row when (
    new.shipping_country is distinct from old.shipping_country and new.shipping_country_folded is not distinct from old.shipping_country_folded
    or new.shipping_region is distinct from old.shipping_region and new.shipping_region_folded is not distinct from old.shipping_region_folded
    or new.shipping_city is distinct from old.shipping_city and new.shipping_city_folded is not distinct from old.shipping_city_folded) execute function crm_fold_orders();
