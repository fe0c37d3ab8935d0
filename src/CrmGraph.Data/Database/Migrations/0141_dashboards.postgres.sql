-- What is a dashboard can be asked for. Those of before are pages.
alter table report_definitions add column is_dashboard boolean not null default false;
