-- The days of the first response and of the end of a ticket in the reporting zone: times of service count on them.
alter table tickets
    add column first_response_day date,
    add column resolved_day date;

set local crmgraph.history = 'off';
update tickets set first_response_day = (first_response_at at time zone crm_zone())::date, resolved_day = (resolved_at at time zone crm_zone())::date
where first_response_at is not null or resolved_at is not null;
set local crmgraph.history = 'on';

create index ix_tickets_first_response_day on tickets (first_response_day);
create index ix_tickets_resolved_day on tickets (resolved_day);

-- Plain writers write the moments alone.
create function crm_fill_ticket_days() returns trigger language plpgsql as $$
begin
    new.first_response_day := (new.first_response_at at time zone crm_zone())::date;
    new.resolved_day := (new.resolved_at at time zone crm_zone())::date;
    return new;
end $$;
create trigger b_days before insert on tickets for each row
    when (new.first_response_at is not null and new.first_response_day is null or new.resolved_at is not null and new.resolved_day is null)
    execute function crm_fill_ticket_days();
create trigger b_days_move before update of first_response_at, resolved_at on tickets for each row when (
    new.first_response_at is distinct from old.first_response_at and new.first_response_day is not distinct from old.first_response_day
    or new.resolved_at is distinct from old.resolved_at and new.resolved_day is not distinct from old.resolved_day)
    execute function crm_fill_ticket_days();
