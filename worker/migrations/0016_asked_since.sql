-- Since when a survey is asked: no page's answer counts in the time before. Null: since before this was written down.
ALTER TABLE touchpoints ADD COLUMN asked_since INTEGER;
ALTER TABLE former_surveys ADD COLUMN asked_since INTEGER;
