-- Metrics that the company defines itself, and what they were in each version.
CREATE TABLE custom_metrics (
    id BLOB NOT NULL DEFAULT (unhex(printf('%012x7%03x%04x', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), abs(random() % 4096), 32768 + abs(random() % 16384)) || hex(randomblob(6)))),
    "key" TEXT NOT NULL,
    label TEXT NOT NULL,
    label_zh TEXT,
    description TEXT,
    formula TEXT NOT NULL,
    condition TEXT,
    favourable TEXT NOT NULL,
    version INTEGER NOT NULL,
    archived_at TEXT,
    recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ux_custom_metrics_key ON custom_metrics ("key");

CREATE TABLE custom_metric_versions (
    metric_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    formula TEXT NOT NULL,
    condition TEXT,
    saved_by TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (metric_id, version)
);
