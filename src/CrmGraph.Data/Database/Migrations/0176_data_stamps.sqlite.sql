-- Another number each time something changes that servers keep in memory: who has read it under a stamp knows it as long as the stamp is there.
CREATE TABLE data_stamps (
    name TEXT NOT NULL PRIMARY KEY,
    stamp INTEGER NOT NULL
);
INSERT INTO data_stamps (name, stamp) VALUES ('rates', random()), ('rollups', random());
