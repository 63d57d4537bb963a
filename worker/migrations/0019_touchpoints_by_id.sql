-- A page of the list reads its touchpoints, and not all of the workspace's to put them in order.
CREATE INDEX touchpoints_by_workspace ON touchpoints (workspace_ref, id);
