-- How much a response counts, where a sample is weighted; in 1/10^4. Null counts as 1.
ALTER TABLE survey_answers ADD COLUMN weight INTEGER CHECK (weight BETWEEN 0 AND 1000000000);
