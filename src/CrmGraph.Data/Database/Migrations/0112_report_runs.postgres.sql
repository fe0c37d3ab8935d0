-- Who ran which report when: what reports are used for.
create table report_runs (
    id uuid not null default crm_uuid7(),
    report_id uuid not null,
    version integer not null,
    reader text collate "C" not null,
    is_own boolean not null,
    ran_at timestamptz not null,
    day date not null,
    primary key (id)
);
create index ix_report_runs_day on report_runs (day);
