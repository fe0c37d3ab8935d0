-- A cost that nobody told is not a cost of 0. Until now both were 0: those become unknown, and orders whose lines all have a cost keep theirs.
set local crmgraph.history = 'off';

alter table order_lines rename column cost_amount to cost_or_zero;
alter table order_lines add column cost_amount bigint;
update order_lines set cost_amount = cost_or_zero where cost_or_zero <> 0;
alter table order_lines drop column cost_or_zero;

alter table orders rename column cost_amount to cost_or_zero;
alter table orders add column cost_amount bigint;
update orders o set cost_amount = cost_or_zero where cost_or_zero <> 0 and not exists (
    select from order_lines l where l.customer_id = o.customer_id and l.order_id = o.id and l.kind = 'SALE' and l.cost_amount is null);
alter table orders drop column cost_or_zero;

set local crmgraph.history = 'on';
