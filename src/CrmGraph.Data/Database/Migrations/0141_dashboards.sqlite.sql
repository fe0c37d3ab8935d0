-- What is a dashboard can be asked for. Those of before are pages.
ALTER TABLE report_definitions ADD COLUMN is_dashboard INTEGER NOT NULL DEFAULT 0;
