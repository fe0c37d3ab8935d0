-- Every table, as EF's model has it (a test compares). Ids are the 16 bytes of the UUID in network order, so that their order is PostgreSQL's;
-- instants are UTC text, days ISO text, flags 0 and 1, lists JSON. Facts carry no foreign keys, as on PostgreSQL; the default of an id is a
-- UUID version 7 (RFC 9562, section 5.7) for rows that plain SQL writes.
-- The index on a fact's id is not unique: a merge inserts a fact under its old id before it deletes the old row, in one transaction.

CREATE TABLE settings (
    id INTEGER NOT NULL,
    reporting_zone TEXT NOT NULL,
    week_start TEXT NOT NULL CHECK (week_start IN ('SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY')),
    fiscal_year_start_month INTEGER NOT NULL,
    activity_days INTEGER NOT NULL,
    currency TEXT NOT NULL,
    small_group_minimum INTEGER NOT NULL,
    CHECK (id = 1),
    CHECK (fiscal_year_start_month between 1 and 12),
    CHECK (activity_days >= 1),
    CHECK (small_group_minimum >= 0),
    PRIMARY KEY (id)
);

CREATE TABLE calendar (
    day TEXT NOT NULL,
    week INTEGER NOT NULL,
    month INTEGER NOT NULL,
    quarter INTEGER NOT NULL,
    year INTEGER NOT NULL,
    fiscal_month INTEGER NOT NULL,
    fiscal_quarter INTEGER NOT NULL,
    fiscal_year INTEGER NOT NULL,
    holiday TEXT,
    PRIMARY KEY (day)
);

CREATE TABLE sales_teams (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL DEFAULT '',
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    PRIMARY KEY (id)
);

CREATE TABLE team_members (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL DEFAULT '',
    email TEXT,
    email_folded TEXT,
    manager_id BLOB,
    team_id BLOB,
    is_active INTEGER NOT NULL DEFAULT 1,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    FOREIGN KEY (team_id) REFERENCES sales_teams (id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (manager_id) REFERENCES team_members (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (id)
);

CREATE TABLE customers (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    kind TEXT NOT NULL DEFAULT 'PERSON' CHECK (kind IN ('PERSON', 'COMPANY')),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL DEFAULT '',
    email TEXT,
    email_folded TEXT,
    phone TEXT,
    phone_folded TEXT,
    gender TEXT CHECK (gender IN ('FEMALE', 'MALE', 'OTHER')),
    birth_date TEXT,
    occupation TEXT,
    occupation_folded TEXT,
    industry TEXT,
    industry_folded TEXT,
    country TEXT,
    country_folded TEXT,
    region TEXT,
    region_folded TEXT,
    city TEXT,
    city_folded TEXT,
    acquisition_channel TEXT,
    lifecycle_stage TEXT NOT NULL DEFAULT 'CUSTOMER' CHECK (lifecycle_stage IN ('SUBSCRIBER', 'LEAD', 'MARKETING_QUALIFIED', 'SALES_QUALIFIED', 'OPPORTUNITY', 'CUSTOMER', 'EVANGELIST', 'FORMER')),
    tags TEXT NOT NULL DEFAULT '[]',
    interests TEXT NOT NULL DEFAULT '[]',
    owner_id BLOB,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    day TEXT NOT NULL,
    is_guest INTEGER NOT NULL DEFAULT 0,
    erased_at TEXT,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    PRIMARY KEY (id)
);

CREATE TABLE customer_attributes (
    customer_id BLOB NOT NULL,
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    value_folded TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (customer_id, "key")
);

CREATE TABLE customer_figures (
    customer_id BLOB NOT NULL,
    first_purchase_day TEXT,
    last_purchase_day TEXT,
    order_count INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (customer_id)
);

CREATE TABLE customer_money (
    customer_id BLOB NOT NULL,
    currency TEXT NOT NULL,
    gross_amount INTEGER NOT NULL DEFAULT 0,
    returned_amount INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (customer_id, currency)
);

CREATE TABLE customer_stages (
    customer_id BLOB NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('SUBSCRIBER', 'LEAD', 'MARKETING_QUALIFIED', 'SALES_QUALIFIED', 'OPPORTUNITY', 'CUSTOMER', 'EVANGELIST', 'FORMER')),
    "from" TEXT NOT NULL,
    "to" TEXT,
    PRIMARY KEY (customer_id, "from")
);

CREATE TABLE external_ids (
    entity TEXT NOT NULL CHECK (entity IN ('CUSTOMER', 'PRODUCT', 'TEAM_MEMBER', 'TEAM', 'ORDER', 'ORDER_LINE', 'INTERACTION', 'TICKET', 'SURVEY_ANSWER', 'OPPORTUNITY', 'CONTRACT', 'CAMPAIGN')),
    source TEXT NOT NULL,
    "key" TEXT NOT NULL,
    customer_id BLOB,
    id BLOB NOT NULL,
    PRIMARY KEY (entity, source, "key")
);

CREATE TABLE products (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL DEFAULT '',
    category TEXT,
    category_folded TEXT,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    PRIMARY KEY (id)
);

CREATE TABLE orders (
    customer_id BLOB NOT NULL,
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    kind TEXT NOT NULL DEFAULT 'SALE' CHECK (kind IN ('SALE', 'RETURN')),
    number TEXT,
    ordered_at TEXT NOT NULL,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    currency TEXT NOT NULL,
    gross_amount INTEGER NOT NULL DEFAULT 0,
    returned_amount INTEGER NOT NULL DEFAULT 0,
    discount_amount INTEGER NOT NULL DEFAULT 0,
    cost_amount INTEGER NOT NULL DEFAULT 0,
    channel TEXT,
    owner_id BLOB,
    cancelled_at TEXT,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    CHECK (gross_amount >= 0),
    CHECK (returned_amount >= 0),
    CHECK (discount_amount >= 0),
    CHECK (hour between 0 and 23),
    PRIMARY KEY (customer_id, id)
);

CREATE TABLE order_lines (
    customer_id BLOB NOT NULL,
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    order_id BLOB NOT NULL,
    product_id BLOB,
    kind TEXT NOT NULL DEFAULT 'SALE' CHECK (kind IN ('SALE', 'RETURN')),
    quantity INTEGER NOT NULL DEFAULT 10000,
    unit_price INTEGER NOT NULL DEFAULT 0,
    discount_amount INTEGER NOT NULL DEFAULT 0,
    amount INTEGER NOT NULL DEFAULT 0,
    cost_amount INTEGER NOT NULL DEFAULT 0,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    currency TEXT NOT NULL,
    channel TEXT,
    owner_id BLOB,
    cancelled_at TEXT,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    CHECK (quantity >= 0),
    CHECK (amount >= 0),
    CHECK (hour between 0 and 23),
    PRIMARY KEY (customer_id, id)
);

CREATE TABLE opportunities (
    customer_id BLOB NOT NULL,
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL DEFAULT '',
    stage TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN', 'WON', 'LOST')),
    amount INTEGER,
    currency TEXT NOT NULL,
    probability INTEGER,
    channel TEXT,
    owner_id BLOB,
    opened_at TEXT NOT NULL,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    expected_close_day TEXT,
    closed_at TEXT,
    closed_day TEXT,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    CHECK (probability between 0 and 100),
    CHECK (hour between 0 and 23),
    PRIMARY KEY (customer_id, id)
);

CREATE TABLE opportunity_stages (
    customer_id BLOB NOT NULL,
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    opportunity_id BLOB NOT NULL,
    stage TEXT NOT NULL,
    entered_at TEXT NOT NULL,
    PRIMARY KEY (customer_id, id)
);

CREATE TABLE contracts (
    customer_id BLOB NOT NULL,
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    plan TEXT,
    start_day TEXT NOT NULL,
    end_day TEXT,
    monthly_amount INTEGER,
    currency TEXT,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    PRIMARY KEY (customer_id, id)
);

CREATE TABLE exchange_rates (
    currency TEXT NOT NULL,
    day TEXT NOT NULL,
    rate INTEGER NOT NULL,
    CHECK (rate > 0),
    PRIMARY KEY (currency, day)
);

CREATE TABLE interactions (
    customer_id BLOB NOT NULL,
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    kind TEXT NOT NULL DEFAULT 'OTHER' CHECK (kind IN ('CALL', 'EMAIL', 'MEETING', 'CHAT', 'VISIT', 'MESSAGE', 'NOTE', 'OTHER')),
    channel TEXT,
    subject TEXT,
    subject_folded TEXT,
    occurred_at TEXT NOT NULL,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    duration_seconds INTEGER,
    owner_id BLOB,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    CHECK (hour between 0 and 23),
    PRIMARY KEY (customer_id, id)
);

CREATE TABLE tickets (
    customer_id BLOB NOT NULL,
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    kind TEXT NOT NULL DEFAULT 'ENQUIRY' CHECK (kind IN ('ENQUIRY', 'COMPLAINT')),
    channel TEXT,
    subject TEXT,
    subject_folded TEXT,
    opened_at TEXT NOT NULL,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    first_response_at TEXT,
    resolved_at TEXT,
    agent_id BLOB,
    csat INTEGER,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    CHECK (csat between 1 and 5),
    CHECK (hour between 0 and 23),
    PRIMARY KEY (customer_id, id)
);

CREATE TABLE survey_answers (
    customer_id BLOB NOT NULL,
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    kind TEXT NOT NULL DEFAULT 'NPS' CHECK (kind IN ('NPS', 'CSAT')),
    score INTEGER NOT NULL,
    scale_maximum INTEGER NOT NULL DEFAULT 10,
    comment TEXT,
    comment_folded TEXT,
    channel TEXT,
    answered_at TEXT NOT NULL,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    CHECK (score between 0 and scale_maximum),
    CHECK (hour between 0 and 23),
    PRIMARY KEY (customer_id, id)
);

CREATE TABLE campaigns (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL DEFAULT '',
    channel TEXT,
    start_day TEXT,
    end_day TEXT,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    PRIMARY KEY (id)
);

CREATE TABLE campaign_spend (
    campaign_id BLOB NOT NULL,
    day TEXT NOT NULL,
    channel TEXT NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    FOREIGN KEY (campaign_id) REFERENCES campaigns (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (campaign_id, day, channel, currency)
);

CREATE TABLE segments (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    "key" TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL DEFAULT '',
    description TEXT,
    kind TEXT NOT NULL DEFAULT 'DYNAMIC' CHECK (kind IN ('DYNAMIC', 'STATIC')),
    definition TEXT,
    definition_version INTEGER NOT NULL DEFAULT 0,
    broken_reason TEXT,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    PRIMARY KEY (id)
);

CREATE TABLE segment_members (
    customer_id BLOB NOT NULL,
    segment_id BLOB NOT NULL,
    joined_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    left_at TEXT,
    PRIMARY KEY (customer_id, segment_id, joined_at)
);

CREATE TABLE report_definitions (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    "key" TEXT NOT NULL,
    title TEXT NOT NULL,
    title_folded TEXT NOT NULL DEFAULT '',
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    broken_reason TEXT,
    is_template INTEGER NOT NULL DEFAULT 0,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    deleted_at TEXT,
    PRIMARY KEY (id)
);

CREATE TABLE report_versions (
    report_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    document TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    FOREIGN KEY (report_id) REFERENCES report_definitions (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (report_id, version)
);

CREATE TABLE report_results (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    report_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    parameters TEXT NOT NULL,
    scope TEXT NOT NULL,
    as_of TEXT NOT NULL,
    document TEXT NOT NULL,
    FOREIGN KEY (report_id) REFERENCES report_definitions (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (id)
);

CREATE TABLE api_keys (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    hash BLOB NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('VIEWER', 'REPRESENTATIVE', 'MANAGER', 'ANALYST', 'ADMINISTRATOR')),
    team_member_id BLOB,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT,
    PRIMARY KEY (id)
);

CREATE TABLE history (
    sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "table" TEXT NOT NULL,
    row_id TEXT NOT NULL,
    customer_id BLOB,
    operation TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    "row" TEXT NOT NULL
);

CREATE TABLE changes (
    sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "transaction" INTEGER NOT NULL,
    "table" TEXT NOT NULL,
    from_day TEXT,
    to_day TEXT,
    changed_at TEXT NOT NULL
);

INSERT INTO settings VALUES (1, 'UTC', 'MONDAY', 1, 90, 'EUR', 0);
