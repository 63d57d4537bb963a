-- On which origins pages asked for a touchpoint, so that whoever pasted the snippet sees that it arrived. At most 50 each.
CREATE TABLE sightings (
  touchpoint_ref INTEGER NOT NULL,
  origin TEXT NOT NULL, -- scheme, host and port, as a browser sends it
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  PRIMARY KEY (touchpoint_ref, origin)
) STRICT, WITHOUT ROWID;
