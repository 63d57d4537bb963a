-- Until when a survey last stood at a touchpoint, seen or not: an answer by an old link or mail counts at the latest then.
-- 0: not written down. What stood there but was never seen has an asked_until of 0.
ALTER TABLE former_surveys ADD COLUMN stood_until INTEGER NOT NULL DEFAULT 0;
