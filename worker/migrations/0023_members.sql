-- Who signs in to the dashboard, and where. A person is one row, in however many workspaces.
CREATE TABLE members (
  ref INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  address TEXT UNIQUE, -- canonical spelling; stored only once its owner has shown that it is theirs; null: none
  name TEXT NOT NULL,
  locale TEXT, -- BCP 47; null: as the browser says
  time_zone TEXT, -- IANA; null: as the browser says
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
  workspace_ref INTEGER NOT NULL REFERENCES workspaces (ref),
  member_ref INTEGER NOT NULL REFERENCES members (ref),
  role TEXT NOT NULL, -- a name of worker/workspaces/access.ts; no CHECK, so that a new role needs no migration
  created_at INTEGER NOT NULL,
  removed_at INTEGER, -- null: is a member
  PRIMARY KEY (workspace_ref, member_ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_member ON memberships (member_ref);

CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY,
  member_ref INTEGER NOT NULL REFERENCES members (ref),
  hash TEXT NOT NULL UNIQUE, -- SHA-256 of the cookie's token, hex; the token itself is stored nowhere
  former_hash TEXT UNIQUE, -- of the token before; requests that were under way with it are still answered for a minute
  rotated_at INTEGER NOT NULL, -- since when the token is this one; 0: it is replaced at the next request
  means TEXT NOT NULL CHECK (means IN ('setup', 'invitation', 'login', 'passkey', 'access')), -- how somebody signed in
  device TEXT NOT NULL, -- browser and system, by the names of their families: 'Firefox on Linux'
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL, -- to the hour
  ends_at INTEGER NOT NULL -- 14 days after its last use, but at most 90 after its begin
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_member ON sessions (member_ref, id);
CREATE INDEX sessions_by_end ON sessions (ends_at);

-- Links that work once: of the set-up, of an invitation, of a sign-in by mail or command, and those that prove an address.
CREATE TABLE one_time_links (
  id TEXT NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE, -- SHA-256 of its token, hex
  purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'invitation', 'login', 'address')),
  workspace_ref INTEGER REFERENCES workspaces (ref), -- set-up and invitation: of which workspace one becomes a member
  role TEXT, -- and as what
  member_ref INTEGER REFERENCES members (ref), -- sign-in and address: who
  address TEXT, -- canonical spelling; an invitation's: for whom it is meant
  mailed INTEGER NOT NULL, -- 1: only whoever reads the mails to the address can know the link, so it proves the address
  device TEXT, -- where the sign-in was asked for
  made_by TEXT, -- public id of a member or key: also of who proves an address; null: a command, or whoever asked to sign in
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_by TEXT -- public id of the session that it made, or of the member whose address it proved; null: not used
) STRICT, WITHOUT ROWID;
CREATE INDEX one_time_links_by_workspace ON one_time_links (workspace_ref, id) WHERE workspace_ref IS NOT NULL;
CREATE INDEX one_time_links_by_member ON one_time_links (member_ref) WHERE member_ref IS NOT NULL;
CREATE INDEX one_time_links_by_address ON one_time_links (address, created_at) WHERE address IS NOT NULL;
CREATE INDEX one_time_links_by_maker ON one_time_links (made_by, created_at) WHERE made_by IS NOT NULL;
CREATE INDEX one_time_links_by_end ON one_time_links (expires_at);

CREATE TABLE passkeys (
  id TEXT NOT NULL PRIMARY KEY, -- the credential's id, base64url
  member_ref INTEGER NOT NULL REFERENCES members (ref),
  public_key TEXT NOT NULL, -- COSE, base64url
  counter INTEGER NOT NULL, -- of signatures; 0: the authenticator does not count
  transports TEXT NOT NULL, -- JSON array
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  used_by TEXT -- public id of the session that it began last
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_by_member ON passkeys (member_ref, created_at);

-- Challenges are signed, not stored: whoever asks for many writes nothing. What is stored is that one was used.
CREATE TABLE used_challenges (
  challenge TEXT NOT NULL PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_challenges_by_end ON used_challenges (expires_at);

-- How often one network tried to sign in within a minute.
CREATE TABLE sign_in_tries (
  network TEXT NOT NULL PRIMARY KEY, -- keyed hash of the network, never the address
  tries INTEGER NOT NULL,
  ends_at INTEGER NOT NULL -- when it is counted from zero
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_tries_by_end ON sign_in_tries (ends_at);

-- Whose keys go on working when a member is removed.
ALTER TABLE keys ADD COLUMN made_by TEXT; -- public id of a member or key; null: a command, or it is older than members

-- Who changed what, written in the transaction of the change. Nobody changes an entry.
CREATE TABLE audit_entries (
  workspace_ref INTEGER NOT NULL,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  made_by TEXT NOT NULL, -- public id of a member or key
  what TEXT NOT NULL, -- a name of shared/contract/audit.ts
  thing TEXT NOT NULL, -- public id, or a touchpoint's name
  request TEXT NOT NULL, -- id of the request
  changes TEXT NOT NULL, -- JSON: by column what was there before and after, at most 1,000 letters of each
  PRIMARY KEY (workspace_ref, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_entries_by_maker ON audit_entries (workspace_ref, made_by, id);
CREATE INDEX audit_entries_by_thing ON audit_entries (workspace_ref, thing, id);
CREATE INDEX audit_entries_by_time ON audit_entries (at);
