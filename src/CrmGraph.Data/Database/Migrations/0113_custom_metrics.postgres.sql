-- Metrics that the company defines itself, and what they were in each version.
create table custom_metrics (
    id uuid not null default crm_uuid7(),
    "key" text collate "C" not null,
    label text collate "C" not null,
    label_zh text collate "C",
    description text collate "C",
    formula text collate "C" not null,
    condition text collate "C",
    favourable text collate "C" not null,
    version integer not null,
    archived_at timestamptz,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (id)
);
create unique index ux_custom_metrics_key on custom_metrics ("key");

create table custom_metric_versions (
    metric_id uuid not null,
    version integer not null,
    formula text collate "C" not null,
    condition text collate "C",
    saved_by text collate "C" not null,
    saved_at timestamptz not null,
    primary key (metric_id, version)
);
