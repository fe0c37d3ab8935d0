-- Whether a statement only added rows: who knows all rows before them need not read those again.
alter table changes add column is_new boolean not null default false;
