-- Scores of a period are read from the index of days alone.
create index ix_survey_answers_day_of_scores on survey_answers (day) include (kind, score, scale_maximum, channel, customer_id);
drop index ix_survey_answers_day;
