-- Rows are written in the order of their moments. Of an index with more than one key the planner believes that less than it is (it takes three
-- quarters of the correlation), and reads by another: a page of the customers of a month by name walked the index of names, 10,246 buffers where
-- the month has 76. The id is carried along; rows of one moment are sorted by it as they come.
drop index ix_customers_created_at_id;
create index ix_customers_created_at_id on customers (created_at) include (id);
drop index ix_orders_ordered_at_id;
create index ix_orders_ordered_at_id on orders (ordered_at) include (id);
drop index ix_interactions_occurred_at_id;
create index ix_interactions_occurred_at_id on interactions (occurred_at) include (id);
drop index ix_tickets_opened_at_id;
create index ix_tickets_opened_at_id on tickets (opened_at) include (id);
drop index ix_survey_answers_answered_at_id;
create index ix_survey_answers_answered_at_id on survey_answers (answered_at) include (id);
drop index ix_opportunities_opened_at_id;
create index ix_opportunities_opened_at_id on opportunities (opened_at) include (id);

-- An equal city, name, address or number is found by its folded form, and each follows from the other: told so, the planner does not take both
-- conditions for rarer than one.
create statistics st_customers_name (dependencies) on name, name_folded from customers;
create statistics st_customers_email (dependencies) on email, email_folded from customers;
create statistics st_customers_phone (dependencies) on phone, phone_folded from customers;
create statistics st_customers_city (dependencies) on city, city_folded from customers;
