-- PostgreSQL alone: its planner, not SQLite's, weighs in what order rows lie.
select 1;
