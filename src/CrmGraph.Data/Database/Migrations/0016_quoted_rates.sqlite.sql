-- A rate whose reporting currency was changed remembers it, and holds again when that currency comes back. Rates stored so far are taken as quoted in
-- the present reporting currency.

ALTER TABLE exchange_rates ADD COLUMN quoted_in TEXT;

CREATE TRIGGER settings_currency AFTER UPDATE OF currency ON settings WHEN NEW.currency <> OLD.currency
BEGIN
    UPDATE exchange_rates SET quoted_in = OLD.currency WHERE quoted_in IS NULL;
    UPDATE exchange_rates SET quoted_in = NULL WHERE quoted_in = NEW.currency;
END;
