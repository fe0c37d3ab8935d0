-- Another number each time something changes that servers keep in memory: who has read it under a stamp knows it as long as the stamp is there.
create table data_stamps (
    name text collate "C" not null primary key,
    stamp bigint not null
);
insert into data_stamps (name, stamp) values ('rates', (random() * 9e18)::bigint), ('rollups', (random() * 9e18)::bigint);
