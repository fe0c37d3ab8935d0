-- What tickets are about, and why opportunities were lost.
ALTER TABLE tickets ADD COLUMN topic TEXT;
ALTER TABLE opportunities ADD COLUMN loss_reason TEXT;
