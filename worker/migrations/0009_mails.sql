-- Mails with survey links: who is sent what when, and what became of it.

ALTER TABLE workspaces ADD COLUMN mail TEXT; -- JSON: who sends; null: nobody yet

CREATE TABLE templates (
  ref INTEGER PRIMARY KEY,
  workspace_ref INTEGER NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  texts TEXT NOT NULL, -- JSON: by language
  created_at INTEGER NOT NULL,
  UNIQUE (workspace_ref, id, version)
) STRICT;

CREATE TABLE campaigns (
  ref INTEGER PRIMARY KEY,
  workspace_ref INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'paused', 'cancelled')),
  touchpoint_ref INTEGER NOT NULL,
  survey_ref INTEGER NOT NULL,
  template_ref INTEGER,
  starts_at INTEGER,
  ends_at INTEGER,
  mails_per_hour INTEGER,
  remind_after_days INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX campaigns_by_workspace ON campaigns (workspace_ref, id);

CREATE TABLE mails (
  invitation TEXT NOT NULL,
  reminder INTEGER NOT NULL, -- 0: the first mail, 1: its reminder
  workspace_ref INTEGER NOT NULL,
  campaign_ref INTEGER,
  template_ref INTEGER,
  origin TEXT NOT NULL, -- of the links, as the request had it
  address TEXT NOT NULL,
  name TEXT,
  time_zone TEXT,
  person TEXT NOT NULL, -- as in askings
  state TEXT NOT NULL CHECK (state IN
    ('waiting', 'sending', 'sent', 'delivered', 'bounced', 'unsubscribed', 'failed', 'in_doubt', 'skipped')),
  reason TEXT, -- why it was skipped, or what the provider said
  due_at INTEGER, -- null: its campaign does not run
  attempts INTEGER NOT NULL DEFAULT 0,
  again INTEGER NOT NULL DEFAULT 0, -- times that somebody had it sent again
  claim TEXT, -- who is sending it
  claimed_at INTEGER,
  sent_at INTEGER,
  PRIMARY KEY (invitation, reminder)
) STRICT, WITHOUT ROWID;
CREATE INDEX mails_due ON mails (due_at) WHERE state = 'waiting' AND due_at IS NOT NULL;
CREATE INDEX mails_due_alone ON mails (due_at) WHERE state = 'waiting' AND due_at IS NOT NULL AND campaign_ref IS NULL;
CREATE INDEX mails_claimed ON mails (claim, claimed_at) WHERE claim IS NOT NULL;
CREATE INDEX mails_in_doubt ON mails (workspace_ref) WHERE state = 'in_doubt';
CREATE INDEX mails_of_campaign ON mails (campaign_ref) WHERE campaign_ref IS NOT NULL;

CREATE TABLE suppressions (
  workspace_ref INTEGER NOT NULL,
  address TEXT NOT NULL, -- in lower case
  reason TEXT NOT NULL CHECK (reason IN ('unsubscribed', 'bounced', 'complained', 'manual')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_ref, address)
) STRICT, WITHOUT ROWID;

-- The one provider of the deployment, and until when it is left in peace.
CREATE TABLE mailer (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  held_until INTEGER NOT NULL,
  failures INTEGER NOT NULL, -- in a row
  fault TEXT, -- a name of worker/mail/transport/mailer.ts; null: only asked to wait
  answer TEXT
) STRICT;
