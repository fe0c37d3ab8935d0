-- Scores of a period are read from the index of days alone.
CREATE INDEX ix_survey_answers_day_of_scores ON survey_answers (day, kind, score, scale_maximum, channel, customer_id);
DROP INDEX ix_survey_answers_day;
