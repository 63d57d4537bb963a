-- What is due by the clock: one row for each job of worker/jobs.ts, one job an invocation.

CREATE TABLE due_jobs (
  name TEXT NOT NULL PRIMARY KEY,
  due_at INTEGER, -- null: it runs, and was not woken since
  claim TEXT, -- UUID of the invocation that runs it; null: nobody does
  claimed_at INTEGER
) STRICT, WITHOUT ROWID;

-- So that nothing due reads a row or two.
CREATE INDEX touchpoints_by_settled ON touchpoints (settled_to);
