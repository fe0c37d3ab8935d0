-- Who ran which report when: what reports are used for.
CREATE TABLE report_runs (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    report_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    reader TEXT NOT NULL,
    is_own INTEGER NOT NULL,
    ran_at TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_report_runs_day ON report_runs (day);
