-- A touchpoint may show its score to anyone, by its public id.

ALTER TABLE touchpoints ADD COLUMN public_period TEXT; -- a name of shared/periods.ts; null: its score is not public
ALTER TABLE touchpoints ADD COLUMN public_threshold INTEGER; -- answers below which no number is shown; null: as above
