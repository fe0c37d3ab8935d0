-- What people found in the figures of a run is kept with them.
ALTER TABLE report_results ADD COLUMN findings TEXT;
ALTER TABLE report_results ADD COLUMN findings_by TEXT;
