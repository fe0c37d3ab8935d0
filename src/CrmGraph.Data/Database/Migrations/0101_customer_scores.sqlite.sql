-- What all sales so far say of each customer, and of when that is. Written by the server from the orders.

CREATE TABLE customer_scores (
    customer_id BLOB NOT NULL,
    recency_score INTEGER,
    frequency_score INTEGER,
    monetary_score INTEGER,
    rfm_group TEXT,
    value_class TEXT,
    cluster INTEGER,
    probability_alive INTEGER,
    expected_orders INTEGER,
    predicted_value INTEGER,
    predicted_value_two_years INTEGER,
    predicted_value_three_years INTEGER,
    PRIMARY KEY (customer_id)
);

CREATE TABLE customer_scoring (
    id INTEGER NOT NULL,
    as_of TEXT,
    scored_day TEXT,
    currency TEXT,
    reason TEXT,
    models TEXT,
    position TEXT,
    checked_at TEXT,
    claimed_until TEXT,
    CHECK (id = 1),
    PRIMARY KEY (id)
);
INSERT INTO customer_scoring (id) VALUES (1);
