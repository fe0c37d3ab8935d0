-- What people found in the figures of a run is kept with them.
alter table report_results
    add column findings text collate "C",
    add column findings_by text collate "C";
