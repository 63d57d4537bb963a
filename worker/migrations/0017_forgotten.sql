-- An erasure is not done before the files of its workspace that had arrived by then are read: until then their text may name
-- the person.
CREATE INDEX recipient_files_unread ON recipient_files (workspace_ref, created_at) WHERE state <> 'read';

-- Of a mail for an id: by what a suppression knows its address where the address itself was forgotten. null: by `person`.
ALTER TABLE mails ADD COLUMN addressee TEXT;
