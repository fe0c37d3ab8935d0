-- PostgreSQL refuses what 64 bits do not hold by itself, so that there is nothing to mend here.
select 1;
