-- Rollups beside the shipped ones, and what was asked for that none answers.
ALTER TABLE settings ADD COLUMN added_rollups TEXT NOT NULL DEFAULT '';

CREATE TABLE rollup_asks (
    attributes INTEGER NOT NULL PRIMARY KEY,
    asked INTEGER NOT NULL,
    last_asked_at TEXT NOT NULL
);

-- All days: there are shipped rollups by nothing, by channel and by region too.
INSERT INTO rollup_marks (day) VALUES (NULL);
