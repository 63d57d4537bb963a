-- What a touchpoint asked before: pages that were open, or had no network, still answer it for a while.
CREATE TABLE former_surveys (
  workspace_ref INTEGER NOT NULL,
  touchpoint_ref INTEGER NOT NULL,
  survey_ref INTEGER NOT NULL,
  asked_until INTEGER NOT NULL,
  PRIMARY KEY (workspace_ref, touchpoint_ref, survey_ref)
) STRICT, WITHOUT ROWID;

-- Until now nobody wrote it down. A survey that has answers at a touchpoint was asked there, unless pages gave them and it is
-- asked elsewhere: such a one may have been brought there by a stranger.
INSERT INTO former_surveys
SELECT DISTINCT counts.workspace_ref, counts.touchpoint_ref, counts.survey_ref, unixepoch() * 1000
FROM rating_counts AS counts JOIN touchpoints ON touchpoints.ref = counts.touchpoint_ref
WHERE value_ref = 0 AND counts.survey_ref IS NOT touchpoints.survey_ref
  AND (channel <> 'widget' OR counts.survey_ref NOT IN (SELECT survey_ref FROM touchpoints WHERE survey_ref IS NOT NULL));
