-- Files and lists of recipients, stored as they arrive and read in parts.

CREATE TABLE recipient_files (
  id TEXT NOT NULL PRIMARY KEY,
  workspace_ref INTEGER NOT NULL,
  campaign_ref INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  origin TEXT NOT NULL, -- of the links, as the request had it
  header TEXT, -- JSON: the columns of a CSV; null: lines of JSON
  separator TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('arriving', 'waiting', 'read')),
  lines INTEGER NOT NULL, -- about as many as it has rows
  part INTEGER NOT NULL, -- where it is read on: the part, and letters into it
  at INTEGER NOT NULL,
  read_rows INTEGER NOT NULL,
  added INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  errors TEXT NOT NULL, -- JSON: of the first rows that were refused
  problem TEXT -- why it was not read to its end
) STRICT, WITHOUT ROWID;
CREATE INDEX recipient_files_of_campaign ON recipient_files (campaign_ref, id);
CREATE INDEX recipient_files_waiting ON recipient_files (id, campaign_ref) WHERE state = 'waiting';
CREATE INDEX recipient_files_arriving ON recipient_files (id) WHERE state = 'arriving';

-- Whoever was forgotten while a file waited is not taken from it.
CREATE INDEX erasures_by_person ON erasures (workspace_ref, person);

CREATE TABLE recipient_parts (
  file TEXT NOT NULL,
  part INTEGER NOT NULL, -- from 0
  text TEXT NOT NULL,
  PRIMARY KEY (file, part)
) STRICT;
