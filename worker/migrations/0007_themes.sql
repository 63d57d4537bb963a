-- How surveys look: JSON as in shared/contract/surveys/theme.ts, null where nothing is set. A survey's own goes before its workspace's.

ALTER TABLE workspaces ADD COLUMN theme TEXT;
ALTER TABLE surveys ADD COLUMN theme TEXT;
