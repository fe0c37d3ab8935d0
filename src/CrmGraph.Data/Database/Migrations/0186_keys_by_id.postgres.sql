-- One index instead of two: the key (id, customer_id) finds a fact by its id alone, too, and grows at its end, where (customer_id, id) was written to
-- all over. A customer's facts are found by (customer_id, time) or (customer_id, whole), except contracts, whose key stays. The customer is a part of the
-- key as before, so that tables can be spread by customer.
alter table orders drop constraint orders_pkey, add constraint orders_pkey primary key (id, customer_id);
drop index ix_orders_id;
alter table order_lines drop constraint order_lines_pkey, add constraint order_lines_pkey primary key (id, customer_id);
drop index ix_order_lines_id;
alter table order_payments drop constraint order_payments_pkey, add constraint order_payments_pkey primary key (id, customer_id);
drop index ix_order_payments_id;
alter table interactions drop constraint interactions_pkey, add constraint interactions_pkey primary key (id, customer_id);
drop index ix_interactions_id;
alter table tickets drop constraint tickets_pkey, add constraint tickets_pkey primary key (id, customer_id);
drop index ix_tickets_id;
alter table survey_answers drop constraint survey_answers_pkey, add constraint survey_answers_pkey primary key (id, customer_id);
drop index ix_survey_answers_id;
alter table opportunities drop constraint opportunities_pkey, add constraint opportunities_pkey primary key (id, customer_id);
drop index ix_opportunities_id;
alter table opportunity_stages drop constraint opportunity_stages_pkey, add constraint opportunity_stages_pkey primary key (id, customer_id);
drop index ix_opportunity_stages_id;
