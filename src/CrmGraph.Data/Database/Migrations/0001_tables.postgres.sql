-- Every table, as EF's model has it (a test compares). Text has collation C, so that order and comparison equal SQLite's and .NET's ordinal order.
-- Facts carry no foreign keys: a check per row would halve the speed of COPY, and a key across customers would stop the facts from being
-- spread over machines by customer. What a foreign key would catch, the statement triggers of 0003 catch for whole statements at once.
-- The index on a fact's id is not unique: a merge inserts a fact under its old id before it deletes the old row, in one transaction.

-- UUID version 7 (RFC 9562, section 5.7) from the wall clock, for rows that plain SQL writes without an id.
create function crm_uuid7() returns uuid language sql volatile as $$
    select encode(
        set_byte(
            overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
            6, (get_byte(uuid_send(gen_random_uuid()), 6) & 15) | 112), 'hex')::uuid
$$;

create table settings (
    id integer not null,
    reporting_zone text collate "C" not null,
    week_start text collate "C" not null check (week_start in ('SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY')),
    fiscal_year_start_month integer not null,
    activity_days integer not null,
    currency text collate "C" not null,
    small_group_minimum integer not null,
    check (id = 1),
    check (fiscal_year_start_month between 1 and 12),
    check (activity_days >= 1),
    check (small_group_minimum >= 0),
    primary key (id)
);

create table calendar (
    day date not null,
    week integer not null,
    month integer not null,
    quarter integer not null,
    year integer not null,
    fiscal_month integer not null,
    fiscal_quarter integer not null,
    fiscal_year integer not null,
    holiday text collate "C",
    primary key (day)
);

create table sales_teams (
    id uuid not null default crm_uuid7(),
    name text collate "C" not null,
    name_folded text collate "C" not null,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (id)
);

create table team_members (
    id uuid not null default crm_uuid7(),
    name text collate "C" not null,
    name_folded text collate "C" not null,
    email text collate "C",
    email_folded text collate "C",
    manager_id uuid,
    team_id uuid,
    is_active boolean not null default true,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    foreign key (team_id) references sales_teams (id) deferrable initially deferred,
    foreign key (manager_id) references team_members (id) deferrable initially deferred,
    primary key (id)
);

create table customers (
    id uuid not null default crm_uuid7(),
    kind text collate "C" not null default 'PERSON' check (kind in ('PERSON', 'COMPANY')),
    name text collate "C" not null,
    name_folded text collate "C" not null,
    email text collate "C",
    email_folded text collate "C",
    phone text collate "C",
    phone_folded text collate "C",
    gender text collate "C" check (gender in ('FEMALE', 'MALE', 'OTHER')),
    birth_date date,
    occupation text collate "C",
    occupation_folded text collate "C",
    industry text collate "C",
    industry_folded text collate "C",
    country text collate "C",
    country_folded text collate "C",
    region text collate "C",
    region_folded text collate "C",
    city text collate "C",
    city_folded text collate "C",
    acquisition_channel text collate "C",
    lifecycle_stage text collate "C" not null default 'CUSTOMER' check (lifecycle_stage in ('SUBSCRIBER', 'LEAD', 'MARKETING_QUALIFIED', 'SALES_QUALIFIED', 'OPPORTUNITY', 'CUSTOMER', 'EVANGELIST', 'FORMER')),
    tags text[] collate "C" not null default '{}',
    interests text[] collate "C" not null default '{}',
    owner_id uuid,
    created_at timestamptz not null default now(),
    day date not null,
    is_guest boolean not null default false,
    erased_at timestamptz,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (id)
);

create table customer_attributes (
    customer_id uuid not null,
    "key" text collate "C" not null,
    value text collate "C" not null,
    value_folded text collate "C" not null,
    primary key (customer_id, "key")
);

create table customer_figures (
    customer_id uuid not null,
    first_purchase_day date,
    last_purchase_day date,
    order_count integer not null default 0,
    primary key (customer_id)
);

create table customer_money (
    customer_id uuid not null,
    currency text collate "C" not null,
    gross_amount bigint not null default 0,
    returned_amount bigint not null default 0,
    primary key (customer_id, currency)
);

create table customer_stages (
    customer_id uuid not null,
    stage text collate "C" not null check (stage in ('SUBSCRIBER', 'LEAD', 'MARKETING_QUALIFIED', 'SALES_QUALIFIED', 'OPPORTUNITY', 'CUSTOMER', 'EVANGELIST', 'FORMER')),
    "from" timestamptz not null,
    "to" timestamptz,
    primary key (customer_id, "from")
);

create table external_ids (
    entity text collate "C" not null check (entity in ('CUSTOMER', 'PRODUCT', 'TEAM_MEMBER', 'TEAM', 'ORDER', 'ORDER_LINE', 'INTERACTION', 'TICKET', 'SURVEY_ANSWER', 'OPPORTUNITY', 'CONTRACT', 'CAMPAIGN')),
    source text collate "C" not null,
    "key" text collate "C" not null,
    customer_id uuid,
    id uuid not null,
    primary key (entity, source, "key")
);

create table products (
    id uuid not null default crm_uuid7(),
    sku text collate "C" not null,
    name text collate "C" not null,
    name_folded text collate "C" not null,
    category text collate "C",
    category_folded text collate "C",
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (id)
);

create table orders (
    customer_id uuid not null,
    id uuid not null default crm_uuid7(),
    kind text collate "C" not null default 'SALE' check (kind in ('SALE', 'RETURN')),
    number text collate "C",
    ordered_at timestamptz not null,
    day date not null,
    hour integer not null,
    currency text collate "C" not null,
    gross_amount bigint not null default 0,
    returned_amount bigint not null default 0,
    discount_amount bigint not null default 0,
    cost_amount bigint not null default 0,
    channel text collate "C",
    owner_id uuid,
    cancelled_at timestamptz,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (gross_amount >= 0),
    check (returned_amount >= 0),
    check (discount_amount >= 0),
    check (hour between 0 and 23),
    primary key (customer_id, id)
);

create table order_lines (
    customer_id uuid not null,
    id uuid not null default crm_uuid7(),
    order_id uuid not null,
    product_id uuid,
    kind text collate "C" not null default 'SALE' check (kind in ('SALE', 'RETURN')),
    quantity bigint not null default 10000,
    unit_price bigint not null default 0,
    discount_amount bigint not null default 0,
    amount bigint not null default 0,
    cost_amount bigint not null default 0,
    day date not null,
    hour integer not null,
    currency text collate "C" not null,
    channel text collate "C",
    owner_id uuid,
    cancelled_at timestamptz,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (quantity >= 0),
    check (amount >= 0),
    check (hour between 0 and 23),
    primary key (customer_id, id)
);

create table opportunities (
    customer_id uuid not null,
    id uuid not null default crm_uuid7(),
    name text collate "C" not null,
    name_folded text collate "C" not null,
    stage text collate "C" not null,
    status text collate "C" not null default 'OPEN' check (status in ('OPEN', 'WON', 'LOST')),
    amount bigint,
    currency text collate "C" not null,
    probability integer,
    channel text collate "C",
    owner_id uuid,
    opened_at timestamptz not null,
    day date not null,
    hour integer not null,
    expected_close_day date,
    closed_at timestamptz,
    closed_day date,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (probability between 0 and 100),
    check (hour between 0 and 23),
    primary key (customer_id, id)
);

create table opportunity_stages (
    customer_id uuid not null,
    id uuid not null default crm_uuid7(),
    opportunity_id uuid not null,
    stage text collate "C" not null,
    entered_at timestamptz not null,
    primary key (customer_id, id)
);

create table contracts (
    customer_id uuid not null,
    id uuid not null default crm_uuid7(),
    plan text collate "C",
    start_day date not null,
    end_day date,
    monthly_amount bigint,
    currency text collate "C",
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (customer_id, id)
);

create table exchange_rates (
    currency text collate "C" not null,
    day date not null,
    rate bigint not null,
    check (rate > 0),
    primary key (currency, day)
);

create table interactions (
    customer_id uuid not null,
    id uuid not null default crm_uuid7(),
    kind text collate "C" not null default 'OTHER' check (kind in ('CALL', 'EMAIL', 'MEETING', 'CHAT', 'VISIT', 'MESSAGE', 'NOTE', 'OTHER')),
    channel text collate "C",
    subject text collate "C",
    subject_folded text collate "C",
    occurred_at timestamptz not null,
    day date not null,
    hour integer not null,
    duration_seconds integer,
    owner_id uuid,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (hour between 0 and 23),
    primary key (customer_id, id)
);

create table tickets (
    customer_id uuid not null,
    id uuid not null default crm_uuid7(),
    kind text collate "C" not null default 'ENQUIRY' check (kind in ('ENQUIRY', 'COMPLAINT')),
    channel text collate "C",
    subject text collate "C",
    subject_folded text collate "C",
    opened_at timestamptz not null,
    day date not null,
    hour integer not null,
    first_response_at timestamptz,
    resolved_at timestamptz,
    agent_id uuid,
    csat integer,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (csat between 1 and 5),
    check (hour between 0 and 23),
    primary key (customer_id, id)
);

create table survey_answers (
    customer_id uuid not null,
    id uuid not null default crm_uuid7(),
    kind text collate "C" not null default 'NPS' check (kind in ('NPS', 'CSAT')),
    score integer not null,
    scale_maximum integer not null default 10,
    comment text collate "C",
    comment_folded text collate "C",
    channel text collate "C",
    answered_at timestamptz not null,
    day date not null,
    hour integer not null,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (score between 0 and scale_maximum),
    check (hour between 0 and 23),
    primary key (customer_id, id)
);

create table campaigns (
    id uuid not null default crm_uuid7(),
    name text collate "C" not null,
    name_folded text collate "C" not null,
    channel text collate "C",
    start_day date,
    end_day date,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (id)
);

create table campaign_spend (
    campaign_id uuid not null,
    day date not null,
    channel text collate "C" not null,
    amount bigint not null,
    currency text collate "C" not null,
    foreign key (campaign_id) references campaigns (id) deferrable initially deferred,
    primary key (campaign_id, day, channel, currency)
);

create table segments (
    id uuid not null default crm_uuid7(),
    "key" text collate "C" not null,
    name text collate "C" not null,
    name_folded text collate "C" not null,
    description text collate "C",
    kind text collate "C" not null default 'DYNAMIC' check (kind in ('DYNAMIC', 'STATIC')),
    definition text collate "C",
    definition_version integer not null default 0,
    broken_reason text collate "C",
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (id)
);

create table segment_members (
    customer_id uuid not null,
    segment_id uuid not null,
    joined_at timestamptz not null default now(),
    left_at timestamptz,
    primary key (customer_id, segment_id, joined_at)
);

create table report_definitions (
    id uuid not null default crm_uuid7(),
    "key" text collate "C" not null,
    title text collate "C" not null,
    title_folded text collate "C" not null,
    version integer not null,
    document text collate "C" not null,
    broken_reason text collate "C",
    is_template boolean not null default false,
    recorded_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    primary key (id)
);

create table report_versions (
    report_id uuid not null,
    version integer not null,
    title text collate "C" not null,
    document text collate "C" not null,
    saved_by text collate "C" not null,
    saved_at timestamptz not null,
    foreign key (report_id) references report_definitions (id) deferrable initially deferred,
    primary key (report_id, version)
);

create table report_results (
    id uuid not null default crm_uuid7(),
    report_id uuid not null,
    version integer not null,
    parameters text collate "C" not null,
    scope text collate "C" not null,
    as_of timestamptz not null,
    document text collate "C" not null,
    foreign key (report_id) references report_definitions (id) deferrable initially deferred,
    primary key (id)
);

create table api_keys (
    id uuid not null default crm_uuid7(),
    name text collate "C" not null,
    prefix text collate "C" not null,
    hash bytea not null,
    role text collate "C" not null check (role in ('VIEWER', 'REPRESENTATIVE', 'MANAGER', 'ANALYST', 'ADMINISTRATOR')),
    team_member_id uuid,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    primary key (id)
);

create table history (
    sequence bigint generated by default as identity,
    "table" text collate "C" not null,
    row_id text collate "C" not null,
    customer_id uuid,
    operation character(1) not null,
    changed_at timestamptz not null,
    "row" text collate "C" not null,
    primary key (sequence)
);

create table changes (
    sequence bigint generated by default as identity,
    "transaction" bigint not null,
    "table" text collate "C" not null,
    from_day date,
    to_day date,
    changed_at timestamptz not null,
    primary key (sequence)
);

insert into settings values (1, 'UTC', 'MONDAY', 1, 90, 'EUR', 0);
