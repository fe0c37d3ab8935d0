-- How much a response counts, where a sample is weighted; in 1/10^4. Null counts as 1.
alter table survey_answers add column weight bigint check (weight between 0 and 1000000000);
