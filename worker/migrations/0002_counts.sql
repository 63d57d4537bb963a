-- Counts by breakdown value and with their hours packed for reading a few of them; kept by triggers, which the worker
-- installs itself (worker/rollup/triggers.ts): remote migrations were seen to split a trigger's body.
-- The responses are the truth: what the new tables hold is counted from them here.

ALTER TABLE workspaces ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC'; -- IANA; in which its days are cut
ALTER TABLE workspaces ADD COLUMN week_start TEXT NOT NULL DEFAULT 'monday';

-- What a workspace has its scores broken down by.
CREATE TABLE breakdowns (
  ref INTEGER PRIMARY KEY,
  workspace_ref INTEGER NOT NULL REFERENCES workspaces (ref),
  dimension TEXT NOT NULL, -- 'locale' or 'property:plan'
  counted_to TEXT, -- responses with an id up to this one are counted; null: all are
  counted INTEGER NOT NULL DEFAULT 0, -- responses that the backfill has counted
  created_at INTEGER NOT NULL,
  removed_at INTEGER, -- its counts are being removed
  UNIQUE (workspace_ref, dimension)
) STRICT;

-- The values that are counted by themselves; all others are '(other)', and a response without one is '(none)'.
CREATE TABLE breakdown_values (
  ref INTEGER PRIMARY KEY,
  breakdown_ref INTEGER NOT NULL REFERENCES breakdowns (ref),
  value TEXT NOT NULL,
  UNIQUE (breakdown_ref, value)
) STRICT;

-- The roll-up: one row for each touchpoint, breakdown value, UTC day, survey, channel and exclusion, a counter for each
-- rating. `quarters` holds the same counters by hour, quarter-hour and rating, as JSONB: {"13": {"1": {"9": 2}}} is two
-- nines between 13:15 and 13:30 UTC. Every zone's midnight falls on a UTC quarter-hour.
-- The CHECKs are the guard: a write that would subtract what was never added fails with its whole transaction.
DROP TABLE rating_counts;
CREATE TABLE rating_counts (
  workspace_ref INTEGER NOT NULL,
  touchpoint_ref INTEGER NOT NULL,
  value_ref INTEGER NOT NULL, -- of breakdown_values; 0: all responses, whatever their values
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
  quarters BLOB NOT NULL,
  PRIMARY KEY (workspace_ref, touchpoint_ref, value_ref, day, survey_ref, channel, exclusion)
) STRICT, WITHOUT ROWID;

INSERT INTO rating_counts
SELECT workspace_ref, touchpoint_ref, 0, day, survey_ref, channel, exclusion, SUM(r0), SUM(r1), SUM(r2), SUM(r3),
  SUM(r4), SUM(r5), SUM(r6), SUM(r7), SUM(r8), SUM(r9), SUM(r10), jsonb_group_object(hour, jsonb(quarters))
FROM (
  SELECT workspace_ref, touchpoint_ref, day, survey_ref, channel, exclusion, CAST(hour AS TEXT) AS hour,
    SUM(r0) AS r0, SUM(r1) AS r1, SUM(r2) AS r2, SUM(r3) AS r3, SUM(r4) AS r4, SUM(r5) AS r5, SUM(r6) AS r6,
    SUM(r7) AS r7, SUM(r8) AS r8, SUM(r9) AS r9, SUM(r10) AS r10, json_group_object(quarter, json(ratings)) AS quarters
  FROM (
    SELECT workspace_ref, touchpoint_ref, day, survey_ref, channel, exclusion, hour, CAST(quarter AS TEXT) AS quarter,
      SUM(n * (rating = 0)) AS r0, SUM(n * (rating = 1)) AS r1, SUM(n * (rating = 2)) AS r2, SUM(n * (rating = 3)) AS r3,
      SUM(n * (rating = 4)) AS r4, SUM(n * (rating = 5)) AS r5, SUM(n * (rating = 6)) AS r6, SUM(n * (rating = 7)) AS r7,
      SUM(n * (rating = 8)) AS r8, SUM(n * (rating = 9)) AS r9, SUM(n * (rating = 10)) AS r10,
      json_group_object(CAST(rating AS TEXT), n) AS ratings
    FROM (
      SELECT workspace_ref, touchpoint_ref, answered_at / 86400000 AS day, survey_ref, channel, exclusion,
        answered_at % 86400000 / 3600000 AS hour, answered_at % 3600000 / 900000 AS quarter, rating, COUNT(*) AS n
      FROM responses GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    ) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
  ) GROUP BY 1, 2, 3, 4, 5, 6, 7
) GROUP BY 1, 2, 4, 5, 6, 7;

-- How often a survey was seen, by the same cells. What was counted before hours were kept is put at noon.
ALTER TABLE impression_counts ADD COLUMN quarters BLOB NOT NULL DEFAULT x'0c';
UPDATE impression_counts SET quarters = jsonb_object('12', jsonb_object('0', seen));
