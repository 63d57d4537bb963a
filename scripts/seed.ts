import type { Database } from "../worker/db/database.ts";
import { insertKey } from "../worker/db/keys.ts";
import { insertSurvey } from "../worker/db/surveys.ts";
import { findTouchpoint, insertTouchpoint } from "../worker/db/touchpoints.ts";
import { insertWorkspace } from "../worker/db/workspaces.ts";
import { newId } from "../worker/ids.ts";
import { hashKey, newKey } from "../worker/secrets.ts";

/** The three surveys of the demo shop: what a shop would ask first. */
export const DEMO_SURVEYS = [
  { name: "Relationship NPS", kind: "nps", scaleMin: 0, scaleMax: 10, touchpoint: "relationship" },
  { name: "Checkout CSAT", kind: "csat", scaleMin: 1, scaleMax: 5, touchpoint: "checkout" },
  { name: "Support CES", kind: "ces", scaleMin: 1, scaleMax: 7, touchpoint: "ticket-closed" },
] as const;

export interface NewWorkspace {
  ref: number;
  id: string;
  publishableKey: string;
  secretKey: string;
  readKey: string;
}

/** Makes a workspace with its first keys; only here are the keys themselves seen. */
export async function createWorkspace(db: Database, name: string): Promise<NewWorkspace> {
  const createdAt = Date.now();
  const workspace = await insertWorkspace(db, { id: newId("wsp"), name, createdAt });
  if (!workspace) throw new Error("the workspace could not be made");
  const addKey = async (keyName: string, kind: "publishable" | "secret", scopes: string[]) => {
    const key = newKey(kind);
    const row = {
      id: newId("key"),
      name: keyName,
      kind,
      lastFour: key.slice(-4),
      createdAt,
      archivedAt: null,
    };
    await insertKey(
      db,
      workspace.ref,
      { ...row, scopes: JSON.stringify(scopes), origins: "[]" },
      await hashKey(key),
    );
    return key;
  };
  return {
    ...workspace,
    publishableKey: await addKey("web site", "publishable", ["respond"]),
    secretKey: await addKey("first key", "secret", ["read", "write"]),
    readKey: await addKey("reports", "secret", ["read"]),
  };
}

/** Gives a workspace the demo's surveys, each asked at its touchpoint without delay. */
export async function createDemoSurveys(db: Database, workspace: number): Promise<void> {
  const createdAt = Date.now();
  for (const { name, kind, scaleMin, scaleMax, touchpoint } of DEMO_SURVEYS) {
    if (await findTouchpoint(db, workspace, touchpoint)) continue;
    const survey = newId("srv");
    const scale = { scaleMin, scaleMax, satisfiedFrom: null };
    const wording = { subject: "Demo shop", locale: "en", texts: "{}" };
    const flow = { look: null, steps: null, theme: null, thanks: "[]" };
    await insertSurvey(db, workspace, {
      id: survey,
      name,
      kind,
      ...scale,
      ...wording,
      ...flow,
      createdAt,
      archivedAt: null,
    });
    const asked = { name: touchpoint, survey, delaySeconds: 0, waitDays: 30 };
    const offered = { show: null, automatic: 0, rules: "{}" };
    const shown = { publicPeriod: "90d", publicThreshold: 10 } as const;
    await insertTouchpoint(db, workspace, {
      ...{ id: newId("tp"), ...asked, ...offered, ...shown, createdAt, archivedAt: null },
    });
  }
}
