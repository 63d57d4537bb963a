-- Whether a breakdown's owner listed the values that it counts by themselves: then it learns no others.
ALTER TABLE breakdowns ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;
