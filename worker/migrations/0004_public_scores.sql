-- A touchpoint may show its score to anyone: over a period of shared/time/periods.ts, and from so many responses on. Both are
-- null where it does not.
ALTER TABLE touchpoints ADD COLUMN public_period TEXT;
ALTER TABLE touchpoints ADD COLUMN public_threshold INTEGER;
