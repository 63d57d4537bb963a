-- Campaigns whose mails are due by what the campaign's own row says, and whose counts are kept and not counted.

ALTER TABLE campaigns ADD COLUMN next_at INTEGER; -- when a campaign that runs is looked at next; null: nothing of it waits
ALTER TABLE campaigns ADD COLUMN paced_to INTEGER; -- before it no first mail is sent
ALTER TABLE campaigns ADD COLUMN answered INTEGER NOT NULL DEFAULT 0;
UPDATE campaigns SET next_at = 0, paced_to = 0;
CREATE INDEX campaigns_due ON campaigns (next_at) WHERE state = 'running' AND next_at IS NOT NULL;

-- As they wait: the first mails and the reminders of a campaign, by zone.
DROP INDEX mails_due;
CREATE INDEX mails_queued ON mails (campaign_ref, reminder, coalesce(time_zone, ''), coalesce(due_at, 0))
  WHERE state = 'waiting' AND campaign_ref IS NOT NULL;

-- Kept by the triggers of worker/rollup/campaign-counts.ts, which fill them when they are installed.
CREATE TABLE campaign_counts (
  campaign_ref INTEGER NOT NULL,
  reminder INTEGER NOT NULL,
  state TEXT NOT NULL, -- of mails; those that are being sent count as waiting
  reason TEXT NOT NULL, -- of skipped ones; '' of others
  mails INTEGER NOT NULL,
  PRIMARY KEY (campaign_ref, reminder, state, reason)
) STRICT, WITHOUT ROWID;

-- From a response to the campaign that asked for it.
CREATE INDEX invitations_by_response ON invitations (response) WHERE channel = 'email';
