-- One person is one person in every table, a claim is none, and whoever wants to be forgotten is.

-- Hosts sign a respondent's id as they spell it. Where that is not the canonical spelling, by whose hash clocks know the
-- person, this finds the one from the other.
CREATE TABLE spellings (
  workspace_ref INTEGER NOT NULL,
  hash TEXT NOT NULL, -- HMAC of a spelling, hex, as the host signs it
  person TEXT NOT NULL, -- HMAC of the canonical spelling, as in askings
  PRIMARY KEY (workspace_ref, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX spellings_by_person ON spellings (workspace_ref, person);

-- Whom an answer says that it is from, and nobody proved it.
ALTER TABLE responses ADD COLUMN claimed TEXT;

-- Addresses that were stored as somebody spelt them. Domains in other scripts stay as they are: erasures look for both.
UPDATE responses SET respondent = lower(trim(respondent)) WHERE respondent LIKE '_%@_%._%' AND respondent NOT LIKE '% %';
UPDATE invitations SET respondent = lower(trim(respondent)) WHERE respondent LIKE '_%@_%._%' AND respondent NOT LIKE '% %';

-- Anonymous responses are in neither, and cost no row more.
CREATE INDEX responses_by_respondent ON responses (workspace_ref, respondent) WHERE respondent IS NOT NULL;
CREATE INDEX responses_by_claimed ON responses (workspace_ref, claimed) WHERE claimed IS NOT NULL;
CREATE INDEX invitations_by_respondent ON invitations (workspace_ref, respondent) WHERE respondent IS NOT NULL;

-- 1: of a mailing's link, whose recipient anybody can make up; so many are kept of a touchpoint and day.
ALTER TABLE clicks ADD COLUMN claimed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX clicks_claimed ON clicks (workspace_ref, touchpoint_ref, first_at) WHERE claimed = 1;

-- Mails to an address, in whatever letters.
CREATE INDEX mails_by_address ON mails (workspace_ref, lower(address)) WHERE address <> '';

-- People who asked to be forgotten. Where that is more than one invocation can do, the clock goes on with it.
CREATE TABLE erasures (
  ref INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workspace_ref INTEGER NOT NULL,
  person TEXT NOT NULL, -- as in askings
  spellings TEXT, -- JSON: how they are looked for; null once it is done
  step TEXT NOT NULL,
  after TEXT NOT NULL DEFAULT '', -- JSON: how far each table was looked through
  removed TEXT NOT NULL DEFAULT '{}', -- JSON: rows by table
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE UNIQUE INDEX erasures_unfinished ON erasures (workspace_ref, person) WHERE finished_at IS NULL;
