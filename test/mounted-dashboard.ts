import { app } from "../worker/app.ts";
import { dashboardPage } from "../worker/dashboard/pages/dashboard.tsx";
import { findWorkspace } from "../worker/workspaces/db/workspaces.ts";

// While nobody can sign in yet, whoever sends a key that may read opens the dashboard.
dashboardPage(app, async (c) => {
  const { workspace: ref } = await c.var.authenticate("read");
  const workspace = await findWorkspace(c.var.db, ref);
  if (!workspace) throw new Error("a key is of a workspace");
  const { id, name } = workspace;
  return {
    member: { name: "Mara Keller" },
    workspace,
    workspaces: [
      { id, name },
      { id: "wsp_other", name: "Northwind" },
    ],
  };
});
