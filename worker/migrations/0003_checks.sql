-- What the worker does on its schedule: it goes on with breakdowns, and compares the roll-up with the responses.

CREATE INDEX breakdowns_unfinished ON breakdowns (ref) WHERE counted_to IS NOT NULL OR removed_at IS NOT NULL;

-- Each day's comparison of a part of the roll-up with the responses; the next one goes on where the last one ended.
CREATE TABLE count_checks (
  ref INTEGER PRIMARY KEY,
  begun_at INTEGER NOT NULL,
  shards INTEGER NOT NULL DEFAULT 0, -- of a workspace and some days each
  differing INTEGER NOT NULL DEFAULT 0, -- counters that were not what the responses say
  repaired INTEGER NOT NULL DEFAULT 0, -- of these, counters that are now
  next_workspace_ref INTEGER NOT NULL,
  next_day INTEGER NOT NULL -- days since 1970-01-01 UTC
) STRICT;
