-- What all sales so far say of each customer, and of when that is. Written by the server from the orders.

create table customer_scores (
    customer_id uuid not null,
    recency_score integer,
    frequency_score integer,
    monetary_score integer,
    rfm_group text collate "C",
    value_class text collate "C",
    cluster integer,
    probability_alive bigint,
    expected_orders bigint,
    predicted_value bigint,
    predicted_value_two_years bigint,
    predicted_value_three_years bigint,
    primary key (customer_id)
);

create table customer_scoring (
    id integer not null,
    as_of timestamptz,
    scored_day date,
    currency text collate "C",
    reason text collate "C",
    models text collate "C",
    position text collate "C",
    checked_at timestamptz,
    claimed_until timestamptz,
    check (id = 1),
    primary key (id)
);
insert into customer_scoring (id) values (1);
