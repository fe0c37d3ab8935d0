-- What search looks in: name, email address and digits of the phone number, folded and without accents, as the program's SearchText makes it.
-- The program fills it after the migrations (SqliteFolding). Plain SQL writers get the usual letters of western Europe without their accents.

ALTER TABLE customers ADD COLUMN search_text TEXT NOT NULL DEFAULT '';

CREATE TRIGGER customers_search AFTER INSERT ON customers
WHEN NEW.search_text = '' AND (NEW.name <> '' OR NEW.email <> '' OR NEW.phone <> '')
BEGIN
    UPDATE customers SET search_text =
        trim(rtrim(lower(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(name, 'ä', 'a'), 'Ä', 'a'), 'ö', 'o'), 'Ö', 'o'), 'ü', 'u'), 'Ü', 'u'), 'ß', 'ss'), 'é', 'e'), 'É', 'e'), 'è', 'e'), 'à', 'a'), 'á', 'a'), 'í', 'i'), 'ó', 'o'), 'ú', 'u'), 'ñ', 'n'), 'ç', 'c'), 'å', 'a'), 'Å', 'a'), 'ø', 'o'), 'Ø', 'o')) || ' ' || lower(ifnull(email, ''))) || ' ' ||
        replace(replace(replace(replace(replace(replace(replace(ifnull(phone, ''), ' ', ''), '+', ''), '-', ''), '(', ''), ')', ''), '.', ''), '/', ''))
    WHERE id = NEW.id;
END;

-- Who changes a text and leaves its folded form as it was has not changed this either.
CREATE TRIGGER customers_search_change AFTER UPDATE OF name, email, phone ON customers
WHEN NEW.search_text = OLD.search_text AND (NEW.name <> OLD.name AND NEW.name_folded = OLD.name_folded
    OR NEW.email IS NOT OLD.email AND NEW.email_folded IS OLD.email_folded OR NEW.phone IS NOT OLD.phone AND NEW.phone_folded IS OLD.phone_folded)
BEGIN
    UPDATE customers SET search_text =
        trim(rtrim(lower(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(name, 'ä', 'a'), 'Ä', 'a'), 'ö', 'o'), 'Ö', 'o'), 'ü', 'u'), 'Ü', 'u'), 'ß', 'ss'), 'é', 'e'), 'É', 'e'), 'è', 'e'), 'à', 'a'), 'á', 'a'), 'í', 'i'), 'ó', 'o'), 'ú', 'u'), 'ñ', 'n'), 'ç', 'c'), 'å', 'a'), 'Å', 'a'), 'ø', 'o'), 'Ø', 'o')) || ' ' || lower(ifnull(email, ''))) || ' ' ||
        replace(replace(replace(replace(replace(replace(replace(ifnull(phone, ''), ' ', ''), '+', ''), '-', ''), '(', ''), ')', ''), '.', ''), '/', ''))
    WHERE id = NEW.id;
END;

-- Read instead of the rows, which are ten times as large.
CREATE INDEX ix_customers_search_text ON customers (search_text, id);
-- Customers by the beginning of one of their outside ids.
CREATE INDEX ix_external_ids_of_customers ON external_ids (lower("key"), id) WHERE entity = 'CUSTOMER';
