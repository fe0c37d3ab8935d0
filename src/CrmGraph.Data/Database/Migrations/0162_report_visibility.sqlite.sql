-- Whom a report is for. Those of before are everybody's.
ALTER TABLE report_definitions ADD COLUMN visible_to INTEGER NOT NULL DEFAULT 0;
