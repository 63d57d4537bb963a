-- Eight UTC days of `rating_counts` in one row, for long periods. A touchpoint's blocks before `settled_to` are complete
-- and kept by the triggers; those from it on are not there yet, and their days are read.

ALTER TABLE touchpoints ADD COLUMN settled_to INTEGER NOT NULL DEFAULT 0; -- blocks of 8 days since 1970-01-01 UTC

CREATE TABLE block_counts (
  workspace_ref INTEGER NOT NULL,
  touchpoint_ref INTEGER NOT NULL,
  value_ref INTEGER NOT NULL,
  block INTEGER NOT NULL, -- days / 8
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
  PRIMARY KEY (workspace_ref, touchpoint_ref, value_ref, block, survey_ref, channel, exclusion)
) STRICT, WITHOUT ROWID;
