-- Whom a report is for. Those of before are everybody's.
alter table report_definitions add column visible_to integer not null default 0;
