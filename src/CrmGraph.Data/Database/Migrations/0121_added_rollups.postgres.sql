-- Rollups beside the shipped ones, and what was asked for that none answers.
alter table settings add column added_rollups text collate "C" not null default '';

create table rollup_asks (
    attributes integer primary key,
    asked bigint not null,
    last_asked_at timestamptz not null
);

-- All days: there are shipped rollups by nothing, by channel and by region too.
insert into rollup_marks (day) values (null);
