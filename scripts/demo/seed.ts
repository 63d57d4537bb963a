import { MailSettings } from "../../shared/contract/mail/mail.ts";
import { TemplateInput } from "../../shared/contract/mail/templates.ts";
import { TouchpointRules } from "../../shared/contract/surveys/rules.ts";
import { SurveyInput } from "../../shared/contract/surveys/surveys.ts";
import { KINDS } from "../../shared/surveys/kinds.ts";
import type { Database } from "../../worker/db/database.ts";
import { toJson } from "../../worker/db/json.ts";
import { WAYS } from "../../worker/demo/ways.ts";
import { insertTemplate, listTemplates } from "../../worker/mail/db/templates.ts";
import { newId } from "../../worker/secrets/ids.ts";
import { hashKey, newKey } from "../../worker/secrets/secrets.ts";
import { insertSurvey } from "../../worker/surveys/db/surveys.ts";
import { findTouchpoint, insertTouchpoint } from "../../worker/surveys/db/touchpoints.ts";
import { flowErrors, flowOf } from "../../worker/surveys/follow-up.ts";
import { insertKey } from "../../worker/workspaces/db/keys.ts";
import { findWorkspace, insertWorkspace, updateWorkspace } from "../../worker/workspaces/db/workspaces.ts";

/** The three surveys of the demo shop: what a shop asks first. */
export const DEMO_SURVEYS = [
  { name: "Relationship NPS", kind: "nps", scaleMin: 0, scaleMax: 10, touchpoint: "relationship" },
  { name: "Checkout CSAT", kind: "csat", scaleMin: 1, scaleMax: 5, touchpoint: "checkout" },
  { name: "Support CES", kind: "ces", scaleMin: 1, scaleMax: 7, touchpoint: "ticket-closed" },
] as const;

/** The first keys of a workspace. */
export interface FirstKeys {
  publishableKey: string;
  secretKey: string;
  readKey: string;
}

export interface NewWorkspace extends FirstKeys {
  ref: number;
  id: string;
}

export const firstKeys = (): FirstKeys => ({
  publishableKey: newKey("publishable"),
  secretKey: newKey("secret"),
  readKey: newKey("secret"),
});

/** Makes a workspace with its first keys. Keys are known only here; storage has hashes. */
export async function createWorkspace(db: Database, name: string, keys = firstKeys()): Promise<NewWorkspace> {
  const createdAt = Date.now();
  const workspace = await insertWorkspace(db, { id: newId("wsp"), name, createdAt });
  if (!workspace) throw new Error("the workspace could not be made");
  const addKey = async (key: string, keyName: string, kind: "publishable" | "secret", scopes: string[]) => {
    const row = {
      id: newId("key"),
      name: keyName,
      kind,
      lastFour: key.slice(-4),
      createdAt,
      archivedAt: null,
      madeBy: null,
    };
    await insertKey(
      db,
      workspace.ref,
      { ...row, scopes: toJson(scopes), origins: toJson([]) },
      await hashKey(key),
    );
  };
  await addKey(keys.publishableKey, "web site", "publishable", ["respond"]);
  await addKey(keys.secretKey, "first key", "secret", ["read", "write"]);
  await addKey(keys.readKey, "reports", "secret", ["read"]);
  return { ...workspace, ...keys };
}

/** A survey's row, in English and with default settings. */
const plainSurvey = (name: string, kind: string, [scaleMin, scaleMax]: readonly [number, number]) => ({
  id: newId("srv"),
  name,
  kind,
  scaleMin,
  scaleMax,
  satisfiedFrom: null,
  subject: "Demo shop",
  locale: "en",
  texts: toJson({}),
  look: null,
  steps: null,
  theme: null,
  thanks: toJson([]),
  createdAt: Date.now(),
  archivedAt: null,
});

const plainTouchpoint = (name: string, survey: string, waitDays: number) => ({
  id: newId("tp"),
  name,
  survey,
  waitDays,
  delaySeconds: 0,
  show: null,
  automatic: 0,
  rules: toJson({}),
  publicPeriod: "90d" as const,
  publicThreshold: 10,
  createdAt: Date.now(),
  archivedAt: null,
});

/** Gives a workspace the demo's surveys, each asked at its touchpoint without delay. */
export async function createDemoSurveys(db: Database, workspace: number): Promise<void> {
  for (const { name, kind, scaleMin, scaleMax, touchpoint } of DEMO_SURVEYS) {
    if (await findTouchpoint(db, workspace, touchpoint)) continue;
    const survey = plainSurvey(name, kind, [scaleMin, scaleMax]);
    await insertSurvey(db, workspace, survey);
    await insertTouchpoint(db, workspace, plainTouchpoint(touchpoint, survey.id, 30));
  }
}

/** Adds a touchpoint for each way to show a survey. They ask at every visit. */
export async function createDemoWays(db: Database, workspace: number): Promise<void> {
  for (const [way, { title, kind, show, rules, survey: own = {} }] of Object.entries(WAYS)) {
    const name = `way-${way}`;
    if (await findTouchpoint(db, workspace, name)) continue;
    const { scales } = KINDS[kind] ?? {};
    const [scale = { min: 0, max: 1 }] = scales ?? [];
    const parsed = SurveyInput.parse({ name: title, kind, subject: "Demo shop", ...own });
    const { look, texts, steps, thanks, theme } = parsed;
    const survey = {
      ...plainSurvey(title, kind, [scale.min, scale.max]),
      look,
      texts: toJson(texts),
      thanks: toJson(thanks),
      steps: steps && toJson(steps),
      theme: theme && toJson(theme),
    };
    const [wrong] = flowErrors(survey, flowOf(survey));
    if (wrong) throw new Error(`${way}: ${wrong.pointer} ${wrong.detail}`);
    await insertSurvey(db, workspace, survey);
    await insertTouchpoint(db, workspace, {
      ...plainTouchpoint(name, survey.id, 0),
      publicPeriod: null,
      show: show ? toJson(show) : null,
      rules: toJson(TouchpointRules.parse(rules ?? {})),
    });
  }
}

/** Adds a sender and a template, unless the workspace has its own, so that it can send mails. */
export async function createDemoMail(db: Database, workspace: number): Promise<void> {
  const row = await findWorkspace(db, workspace);
  if (row?.mail === null) {
    const mail = MailSettings.parse({
      from: { address: "feedback@demo-shop.example", name: "Demo shop" },
      postal_address: "Demo shop\n1 Main Street, Springfield",
      // The demo sends mails at night too.
      quiet_hours: null,
    });
    await updateWorkspace(db, workspace, { mail: toJson(mail) });
  }
  const [template] = await listTemplates(db, workspace, "", 1);
  if (template) return;
  const { name, texts } = TemplateInput.parse({
    name: "After the delivery",
    texts: {
      en: {
        intro:
          "Hello {{first_name|there}},\n\nyour order should be with you by now. One question, and one click:",
        signature: "Thank you,\nyour Demo shop",
      },
    },
  });
  const words = { id: newId("tpl"), version: 1, name, texts: toJson(texts), createdAt: Date.now() };
  await insertTemplate(db, workspace, words);
}
