-- Sample data that an owner has loaded to see the product alive: invented answers at touchpoints of their own. What is marked is
-- never asked, answered or added up with anything real, and goes as a whole.
ALTER TABLE surveys ADD COLUMN sample INTEGER NOT NULL DEFAULT 0; -- 1: asked by a sample alone
ALTER TABLE touchpoints ADD COLUMN sample INTEGER NOT NULL DEFAULT 0; -- 1: its answers are invented
CREATE INDEX touchpoints_samples ON touchpoints (workspace_ref) WHERE sample = 1;
-- Whoever deletes a survey has SQLite look for touchpoints that ask it.
CREATE INDEX touchpoints_by_survey ON touchpoints (survey_ref);
