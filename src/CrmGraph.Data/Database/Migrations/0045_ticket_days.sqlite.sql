-- The days of the first response and of the end of a ticket in the reporting zone: times of service count on them. SQLite knows no zones: the program
-- fills days that are missing after migrations.
ALTER TABLE tickets ADD COLUMN first_response_day TEXT;
ALTER TABLE tickets ADD COLUMN resolved_day TEXT;

CREATE INDEX ix_tickets_first_response_day ON tickets (first_response_day);
CREATE INDEX ix_tickets_resolved_day ON tickets (resolved_day);
