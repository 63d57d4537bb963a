-- What is asked, when, how often and how it looks. Settings that are read as a whole are JSON.

ALTER TABLE surveys ADD COLUMN look TEXT; -- of shared/surveys/kinds.ts; null: the kind's own
ALTER TABLE surveys ADD COLUMN steps TEXT; -- JSON: what follows the rating; null: one free comment
ALTER TABLE surveys ADD COLUMN thanks TEXT NOT NULL DEFAULT '[]'; -- JSON: by bucket

ALTER TABLE touchpoints ADD COLUMN show TEXT; -- JSON: as what and where; null: a popover
ALTER TABLE touchpoints ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0; -- 1: asked where a page names no touchpoint
ALTER TABLE touchpoints ADD COLUMN rules TEXT NOT NULL DEFAULT '{}'; -- JSON: who is asked where

ALTER TABLE workspaces ADD COLUMN asking TEXT NOT NULL DEFAULT '{"wait_days":0,"most":null}'; -- JSON: over all surveys

ALTER TABLE responses ADD COLUMN answers TEXT; -- JSON object by step; null: none

-- When identified people were asked, so that one policy holds over all channels and devices. It is no ledger: two askings
-- in one millisecond are one.
CREATE TABLE askings (
  workspace_ref INTEGER NOT NULL,
  person TEXT NOT NULL, -- HMAC of the respondent, hex, as the host signs it
  asked_at INTEGER NOT NULL,
  survey_ref INTEGER NOT NULL,
  touchpoint_ref INTEGER NOT NULL,
  channel TEXT NOT NULL,
  PRIMARY KEY (workspace_ref, person, asked_at, survey_ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX askings_by_time ON askings (asked_at);
