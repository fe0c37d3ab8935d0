-- What customers were asked: one survey has several questions.
ALTER TABLE survey_answers ADD COLUMN question TEXT;
