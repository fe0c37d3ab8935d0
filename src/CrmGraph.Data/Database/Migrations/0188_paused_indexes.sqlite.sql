-- The indexes that an import has dropped and makes again at its end. Whoever opens the database makes those that a killed import has left here.
create table paused_indexes (
    name text not null primary key,
    sql text not null
) without rowid;
