-- What the company aims at, and what is to be known beside its figures.

create table goals (
    id uuid not null default crm_uuid7(),
    name text collate "C" not null,
    description text collate "C",
    metric text collate "C" not null,
    condition text collate "C",
    baseline bigint,
    target bigint not null,
    start_day date not null,
    deadline date not null,
    owner_id uuid,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (start_day <= deadline),
    primary key (id)
);

create table annotations (
    id uuid not null default crm_uuid7(),
    start_day date not null,
    end_day date not null,
    text text collate "C" not null,
    dimension text collate "C",
    dimension_key text collate "C",
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (start_day <= end_day),
    primary key (id)
);
create index ix_annotations_start_day on annotations (start_day, end_day);
