-- Since when a response is excluded, and who did that. null: it is not, it was before this was written down, or Candor did it.
ALTER TABLE responses ADD COLUMN excluded_at INTEGER;
ALTER TABLE responses ADD COLUMN excluded_by TEXT; -- public id of a key
