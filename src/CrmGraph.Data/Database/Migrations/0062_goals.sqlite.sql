-- What the company aims at, and what is to be known beside its figures.

CREATE TABLE goals (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    name TEXT NOT NULL,
    description TEXT,
    metric TEXT NOT NULL,
    condition TEXT,
    baseline INTEGER,
    target INTEGER NOT NULL,
    start_day TEXT NOT NULL,
    deadline TEXT NOT NULL,
    owner_id BLOB,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    CHECK (start_day <= deadline),
    PRIMARY KEY (id)
);

CREATE TABLE annotations (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    start_day TEXT NOT NULL,
    end_day TEXT NOT NULL,
    text TEXT NOT NULL,
    dimension TEXT,
    dimension_key TEXT,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    CHECK (start_day <= end_day),
    PRIMARY KEY (id)
);
CREATE INDEX ix_annotations_start_day ON annotations (start_day, end_day);
