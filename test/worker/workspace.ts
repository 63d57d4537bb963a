import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { dayMs } from "../../shared/time/durations.ts";
import { Database } from "../../worker/db/database.ts";
import { toJson } from "../../worker/db/json.ts";
import { app } from "../../worker/demo/index.ts";
import type { Bindings } from "../../worker/environment.ts";
import { newId } from "../../worker/secrets/ids.ts";
import { hashKey, newKey } from "../../worker/secrets/secrets.ts";
import { insertSurvey } from "../../worker/surveys/db/surveys.ts";
import { insertTouchpoint } from "../../worker/surveys/db/touchpoints.ts";
import { insertKey } from "../../worker/workspaces/db/keys.ts";
import { insertWorkspace } from "../../worker/workspaces/db/workspaces.ts";

/** A workspace with an NPS at `relationship`, a CSAT at `checkout`, a CES at `ticket-closed`, and a key of each sort. */
export async function newWorkspace() {
  const db = new Database(env.DB);
  const createdAt = Date.now();
  const workspace = await insertWorkspace(db, { id: newId("wsp"), name: "Test", createdAt });
  if (!workspace) throw new Error("no workspace was made");
  const key = async (kind: "publishable" | "secret", scopes: string[], origins: string[] = []) => {
    const value = newKey(kind);
    const row = {
      id: newId("key"),
      name: kind,
      kind,
      lastFour: value.slice(-4),
      createdAt,
      archivedAt: null,
      madeBy: null,
    };
    const lists = { scopes: toJson(scopes), origins: toJson(origins) };
    await insertKey(db, workspace.ref, { ...row, ...lists }, await hashKey(value));
    return value;
  };
  const survey = async (kind: string, scaleMin: number, scaleMax: number, touchpoint: string) => {
    const id = newId("srv");
    const row = {
      id,
      name: kind,
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
    };
    await insertSurvey(db, workspace.ref, { ...row, createdAt, archivedAt: null });
    // Asked for 60 days already, so that a page's response from days ago falls into that time.
    const made = { createdAt: createdAt - 60 * dayMs, archivedAt: null };
    const at = { name: touchpoint, survey: id, delaySeconds: 0, waitDays: 30, ...made };
    const offered = { show: null, automatic: 0, rules: toJson({}) };
    const hidden = { publicPeriod: null, publicThreshold: null };
    await insertTouchpoint(db, workspace.ref, { id: newId("tp"), ...at, ...offered, ...hidden });
    return id;
  };
  return {
    ...workspace,
    db,
    surveys: {
      nps: await survey("nps", 0, 10, "relationship"),
      csat: await survey("csat", 1, 5, "checkout"),
      ces: await survey("ces", 1, 7, "ticket-closed"),
    },
    publishable: await key("publishable", ["respond"]),
    boundTo: (origin: string) => key("publishable", ["respond"], [origin]),
    read: await key("secret", ["read"]),
    write: await key("secret", ["read", "write"]),
    writeOnly: await key("secret", ["write"]),
  };
}

export type TestWorkspace = Awaited<ReturnType<typeof newWorkspace>>;

export interface Sent {
  method?: string;
  key?: string;
  json?: unknown;
  /** Sent unchanged, instead of `json`. */
  body?: BodyInit;
  headers?: Record<string, string>;
}

/** A publishable key goes into the query, a secret one into the Authorization header. */
export function toRequest(path: string, { method, key, json, body, headers = {} }: Sent = {}): Request {
  const url = new URL(path, "http://candor.test");
  // Each request has its own address: together the tests send more in a minute than one address may.
  const sent = new Headers({
    "cf-connecting-ip": `2001:db8:${crypto.randomUUID().slice(0, 4)}::1`,
    ...headers,
  });
  if (key?.startsWith("pk_")) url.searchParams.set("key", key);
  else if (key) sent.set("authorization", `Bearer ${key}`);
  if (json !== undefined && !sent.has("content-type")) sent.set("content-type", "application/json");
  const payload = body ?? (json === undefined ? null : JSON.stringify(json));
  return new Request(url, {
    method: method ?? (payload === null ? "GET" : "POST"),
    headers: sent,
    body: payload,
  });
}

/** A request to the app as deployed. */
export const request = (path: string, sent: Sent = {}): Promise<Response> =>
  exports.default.fetch(toRequest(path, sent));

/**
 * A request to the app without rate limits, for tests with many requests, and with a database that a test prepares.
 * Resolves when the work after the answer is done too; for a stream at once, since that work lasts until it is read.
 */
export async function requestUnlimited(
  path: string,
  sent: Sent = {},
  d1: D1Database = env.DB,
  others: Partial<
    Pick<Bindings, "CANDOR_SECRET" | "CANDOR_OLD_SECRETS" | "RECIPIENTS_A_MINUTE" | "MAIL" | "MAIL_URL">
  > = {},
) {
  const { ASSETS, CANDOR_SECRET, MAIL_URL, MAIL_EVENTS_SECRET } = env;
  const variables = { BUDGET: "throws", CANDOR_SECRET, MAIL_URL, MAIL_EVENTS_SECRET };
  const bindings = { DB: d1, ASSETS, ...variables, RECIPIENTS_A_MINUTE: "1000", ...others };
  const context = createExecutionContext();
  const answer = await app.fetch(toRequest(path, sent), bindings, context);
  if (answer.headers.get("content-type") !== "text/event-stream") await waitOnExecutionContext(context);
  return answer;
}

/** Whether the deployed worker has this path: it has no demo. */
export const isDeployed = ({ path }: { path: string }): boolean => !path.startsWith("/demo");
