-- Every table is described in docs/storage.md; a test compares the two.
-- Times are unix milliseconds. `ref` columns are small integers that rows point with; they never leave the database.

CREATE TABLE workspaces (
  ref INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE keys (
  id TEXT NOT NULL PRIMARY KEY,
  workspace_ref INTEGER NOT NULL REFERENCES workspaces (ref),
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('publishable', 'secret')),
  hash TEXT NOT NULL UNIQUE, -- SHA-256 of the whole key, hex; the key itself is stored nowhere
  last_four TEXT NOT NULL,
  scopes TEXT NOT NULL, -- JSON array, of 'respond', 'read', 'write'
  origins TEXT NOT NULL DEFAULT '[]', -- JSON array of web origins; empty: any
  created_at INTEGER NOT NULL,
  archived_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX keys_by_workspace ON keys (workspace_ref, id);

CREATE TABLE surveys (
  ref INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workspace_ref INTEGER NOT NULL REFERENCES workspaces (ref),
  name TEXT NOT NULL,
  kind TEXT NOT NULL, -- a name of shared/surveys/kinds.ts; no CHECK, so that a new kind needs no migration
  scale_min INTEGER NOT NULL,
  scale_max INTEGER NOT NULL,
  satisfied_from INTEGER, -- null: the kind's own top bucket
  subject TEXT NOT NULL, -- replaces {subject} in the question
  locale TEXT NOT NULL, -- BCP 47, when neither page nor browser speaks a known language
  texts TEXT NOT NULL DEFAULT '{}', -- JSON: the survey's own wording by language
  created_at INTEGER NOT NULL,
  archived_at INTEGER
) STRICT;
CREATE INDEX surveys_by_workspace ON surveys (workspace_ref, id);

CREATE TABLE touchpoints (
  ref INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workspace_ref INTEGER NOT NULL REFERENCES workspaces (ref),
  name TEXT NOT NULL, -- as in the snippet and in the score's path: 'checkout'
  survey_ref INTEGER REFERENCES surveys (ref), -- the survey asked here now; null: none
  delay_seconds INTEGER NOT NULL DEFAULT 0, -- a popover waits this long
  wait_days INTEGER NOT NULL DEFAULT 30, -- a visitor who answered or closed is left alone this long
  created_at INTEGER NOT NULL,
  archived_at INTEGER,
  UNIQUE (workspace_ref, name)
) STRICT;

-- The truth. The primary key makes a retry harmless; no rowid and one index keep a response at two written rows.
CREATE TABLE responses (
  workspace_ref INTEGER NOT NULL,
  id TEXT NOT NULL, -- UUID, made by the client before it sends
  touchpoint_ref INTEGER NOT NULL,
  survey_ref INTEGER NOT NULL,
  rating INTEGER NOT NULL CHECK (rating BETWEEN 0 AND 10),
  comment TEXT,
  channel TEXT NOT NULL CHECK (channel IN ('widget', 'link', 'email', 'api', 'import')),
  locale TEXT,
  respondent TEXT, -- set only when proven by the host's signature or by a survey link; null: anonymous
  properties TEXT, -- JSON object of scalars
  exclusion TEXT NOT NULL, -- '' counts; otherwise the reason why not
  revision INTEGER NOT NULL, -- the highest wins
  answered_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  updated_at INTEGER, -- null: as first received
  PRIMARY KEY (workspace_ref, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX responses_by_time ON responses (workspace_ref, answered_at);

-- The roll-up: one row for each touchpoint, UTC day, survey, channel and exclusion, a counter for each rating. Written
-- in the same transaction as the response. `quarters` holds the same counters by quarter-hour of the day ("53" is 13:15 to
-- 13:30 UTC), because every zone's midnight falls on a UTC quarter-hour.
-- The CHECKs are the guard: a write that would subtract what was never added fails with its whole transaction.
CREATE TABLE rating_counts (
  workspace_ref INTEGER NOT NULL,
  touchpoint_ref INTEGER NOT NULL,
  day INTEGER NOT NULL, -- days since 1970-01-01 UTC
  survey_ref INTEGER NOT NULL,
  channel TEXT NOT NULL,
  exclusion TEXT NOT NULL,
  r0 INTEGER NOT NULL CHECK (r0 >= 0),
  r1 INTEGER NOT NULL CHECK (r1 >= 0),
  r2 INTEGER NOT NULL CHECK (r2 >= 0),
  r3 INTEGER NOT NULL CHECK (r3 >= 0),
  r4 INTEGER NOT NULL CHECK (r4 >= 0),
  r5 INTEGER NOT NULL CHECK (r5 >= 0),
  r6 INTEGER NOT NULL CHECK (r6 >= 0),
  r7 INTEGER NOT NULL CHECK (r7 >= 0),
  r8 INTEGER NOT NULL CHECK (r8 >= 0),
  r9 INTEGER NOT NULL CHECK (r9 >= 0),
  r10 INTEGER NOT NULL CHECK (r10 >= 0),
  quarters TEXT NOT NULL,
  PRIMARY KEY (workspace_ref, touchpoint_ref, day, survey_ref, channel, exclusion)
) STRICT, WITHOUT ROWID;

-- How often a survey was seen.
CREATE TABLE impression_counts (
  workspace_ref INTEGER NOT NULL,
  touchpoint_ref INTEGER NOT NULL,
  day INTEGER NOT NULL, -- days since 1970-01-01 UTC
  survey_ref INTEGER NOT NULL,
  channel TEXT NOT NULL,
  seen INTEGER NOT NULL,
  PRIMARY KEY (workspace_ref, touchpoint_ref, day, survey_ref, channel)
) STRICT, WITHOUT ROWID;
