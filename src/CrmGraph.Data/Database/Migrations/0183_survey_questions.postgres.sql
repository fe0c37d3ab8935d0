-- What customers were asked: one survey has several questions.
alter table survey_answers add column question text collate "C";
