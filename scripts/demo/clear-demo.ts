import { findWorkspaceByName } from "../../worker/workspaces/db/workspaces.ts";
import { withLocalDatabase } from "../local.ts";
import { DEMO_NAME, removeSampleResponses } from "./demo.ts";

await withLocalDatabase(async (db) => {
  const workspace = await findWorkspaceByName(db, DEMO_NAME);
  if (!workspace) return console.log("There is no demo shop here.");
  await removeSampleResponses(db, workspace.ref);
  console.log("The sample responses are gone; what you answered yourself stays.");
});
