-- Survey links that are made for one respondent, and what was clicked in them without being confirmed.

CREATE TABLE invitations (
  id TEXT NOT NULL PRIMARY KEY, -- 72 bits, base64url; with its signature it is the link's code
  workspace_ref INTEGER NOT NULL,
  touchpoint_ref INTEGER NOT NULL,
  survey_ref INTEGER NOT NULL,
  response TEXT NOT NULL, -- UUID that the response has or will have: what is asked here once is answered once
  channel TEXT NOT NULL CHECK (channel IN ('link', 'email')),
  respondent TEXT,
  properties TEXT, -- JSON object of scalars
  locale TEXT,
  changeable INTEGER NOT NULL, -- 1: the respondent may answer again, which replaces the answer
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_by_time ON invitations (workspace_ref, created_at, id);

-- Clicks on a rating in a mail: one row for each link, so that no scanner fills the database. A click that was confirmed is
-- the response of this id.
CREATE TABLE clicks (
  workspace_ref INTEGER NOT NULL,
  response TEXT NOT NULL,
  touchpoint_ref INTEGER NOT NULL,
  survey_ref INTEGER NOT NULL,
  rating INTEGER NOT NULL, -- of the last click
  times INTEGER NOT NULL, -- at most 1000
  signs INTEGER NOT NULL, -- of a machine: bits of worker/links/db/clicks.ts
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_ref, response)
) STRICT, WITHOUT ROWID;
CREATE INDEX clicks_by_time ON clicks (last_at);
