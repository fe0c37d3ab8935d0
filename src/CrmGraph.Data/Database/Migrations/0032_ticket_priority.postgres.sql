-- How urgent a ticket is, and how often it was opened again.
alter table tickets
    add column priority text collate "C" check (priority in ('LOW', 'NORMAL', 'HIGH', 'URGENT')),
    add column reopened_at timestamptz,
    add column reopen_count integer not null default 0 check (reopen_count >= 0);
