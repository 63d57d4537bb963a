-- What surveys asked before they were changed, so that an answer keeps the question that it was given to. The version that is live
-- stands in surveys alone. former_steps stays beside it: it says which steps a late answer may still name, and forgets them.
CREATE TABLE survey_versions (
  survey_ref INTEGER NOT NULL,
  version INTEGER NOT NULL,
  subject TEXT NOT NULL,
  locale TEXT NOT NULL,
  texts TEXT NOT NULL,
  look TEXT,
  steps TEXT,
  thanks TEXT NOT NULL,
  theme TEXT,
  published_at INTEGER NOT NULL,
  published_by TEXT,
  PRIMARY KEY (survey_ref, version)
) STRICT;
-- Finds what was live when an answer was given, in one row of the index.
CREATE INDEX survey_versions_by_time ON survey_versions (survey_ref, published_at, version);

ALTER TABLE surveys ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE surveys ADD COLUMN published_at INTEGER; -- of this version; null: since the survey was created
ALTER TABLE surveys ADD COLUMN published_by TEXT;

-- Null: nobody said which; then it was what was live at answered_at.
ALTER TABLE responses ADD COLUMN survey_version INTEGER;

-- What somebody is about to change of a survey: one draft, of which nobody is asked until it is published.
CREATE TABLE survey_drafts (
  survey_ref INTEGER NOT NULL PRIMARY KEY,
  parts TEXT NOT NULL, -- JSON: what it changes, by the columns of surveys
  etag TEXT NOT NULL, -- another with each change
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;
