-- What a survey asked after the rating before that was changed: pages that were open still answer it for a while.
CREATE TABLE former_steps (
  survey_ref INTEGER NOT NULL,
  version INTEGER NOT NULL,
  steps TEXT, -- null: one free comment
  asked_until INTEGER NOT NULL,
  PRIMARY KEY (survey_ref, version)
) STRICT;

-- By it, a statement knows whether the steps that an isolate remembers are still those of the survey.
ALTER TABLE surveys ADD COLUMN steps_version INTEGER NOT NULL DEFAULT 0;
