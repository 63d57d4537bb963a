import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../worker/db/database.ts";
import { writeMailer } from "../worker/mail/db/mailer.ts";
import { hasMembers } from "../worker/members/db/members.ts";
import { insertLink } from "../worker/members/db/one-time-links.ts";
import { newLink } from "../worker/members/links.ts";
import { hashKey } from "../worker/secrets/secrets.ts";
import { workspaceOfKey } from "../worker/workspaces/db/keys.ts";
import { DEMO_NAME, insertSampleResponses } from "./demo/demo.ts";
import { startMailbox } from "./demo/mailbox.ts";
import {
  createDemoMail,
  createDemoSurveys,
  createDemoWays,
  createWorkspace,
  type FirstKeys,
  firstKeys,
} from "./demo/seed.ts";
import { readLocalVars, withLocalDatabase, writeLocalVars } from "./local.ts";
import { choosePort } from "./port.ts";
import { startWrangler } from "./wrangler.ts";

const port = await choosePort(process.env.PORT || "8787").catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
const url = `http://localhost:${port}`;

/** A link by which one becomes the demo shop's owner; null: somebody is a member already. */
async function setUpLink(db: Database, workspace: number): Promise<string | null> {
  if (await hasMembers(db)) return null;
  const { link, path } = await newLink("setup", { workspace, role: "owner" }, Date.now());
  return (await insertLink(db, link)) ? url + path : null;
}

type Vars = Record<string, string>;

/** The demo shop's keys that `npm start` made before; null: it did not yet. */
function knownKeys(vars: Vars): FirstKeys | null {
  const { DEMO_PUBLISHABLE_KEY, DEMO_SECRET_KEY, DEMO_READ_KEY } = vars;
  if (!DEMO_PUBLISHABLE_KEY || !DEMO_SECRET_KEY || !DEMO_READ_KEY) return null;
  return { publishableKey: DEMO_PUBLISHABLE_KEY, secretKey: DEMO_SECRET_KEY, readKey: DEMO_READ_KEY };
}

/** Makes the demo shop with its sample once, also for keys whose database is gone. Answers the link to set it up, if any. */
async function prepare(keys: FirstKeys): Promise<string | null> {
  return await withLocalDatabase(async (db) => {
    // Clears the mailer's last failure: the mailbox listens on another port after each start.
    await writeMailer(db, { heldUntil: 0, failures: 0, fault: null, answer: null });
    const known = await workspaceOfKey(db, await hashKey(keys.secretKey));
    if (known !== null) {
      await createDemoMail(db, known);
      return await setUpLink(db, known);
    }
    console.log("Seeding the demo shop …");
    const { ref } = await createWorkspace(db, DEMO_NAME, keys);
    await createDemoSurveys(db, ref);
    await createDemoWays(db, ref);
    await createDemoMail(db, ref);
    await insertSampleResponses(db, ref);
    return await setUpLink(db, ref);
  });
}

async function untilHealthy(): Promise<void> {
  for (;;) {
    const healthy = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await sleep(100);
  }
}

async function newSurveyLink(secretKey: string): Promise<string> {
  const answer = await fetch(`${url}/v1/links`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/json" },
    body: JSON.stringify({ touchpoint: "ticket-closed" }),
  });
  const link: unknown = await answer.json();
  return typeof link === "object" && link && "url" in link ? String(link.url) : `none (${answer.status})`;
}

const tickMs = 2000;
/** The other jobs run once a minute, as in wrangler.toml. */
const otherTicks = 30;

/** Runs the schedule, since no clock does here. Mails are sent more often, since a person waits for them. */
async function driveClock(): Promise<never> {
  // A tick may fail while the worker is rebuilt; the next one does its work.
  const run = (cron: string) =>
    fetch(`${url}/__scheduled?${new URLSearchParams({ cron })}`, { signal: AbortSignal.timeout(30_000) })
      .then((answer) => answer.body?.cancel())
      .catch(() => undefined);
  for (let tick = 1; ; tick += 1) {
    await run("* * * * *");
    if (tick % otherTicks === 0) await run("*/2 * * * *");
    await sleep(tickMs);
  }
}

const { mailUrl, mailboxUrl } = await startMailbox();
const args = [
  "dev",
  "worker/demo/index.ts",
  "--port",
  String(port),
  "--log-level",
  "warn",
  "--test-scheduled",
  // Passed here instead of in .dev.vars, since the ports change at each start.
  "--var",
  `MAIL_URL:${mailUrl}`,
  "--var",
  `DEMO_MAILBOX_URL:${mailboxUrl}`,
];
function serve(): void {
  const server = startWrangler(args, "inherit");
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
  server.on("exit", (code) => process.exit(code ?? 0));
}

const vars = await readLocalVars();
const known = knownKeys(vars);
const keys = known ?? firstKeys();
// Wrangler reads the secrets as it starts: where they are known, beside the look at the database, which takes as long.
if (known) serve();
const setUp = await prepare(keys);
if (!known) {
  // Written last: a seeding that was broken off begins anew.
  await writeLocalVars({
    CANDOR_SECRET: randomBytes(32).toString("hex"),
    ...vars,
    DEMO_PUBLISHABLE_KEY: keys.publishableKey,
    DEMO_READ_KEY: keys.readKey,
    DEMO_SECRET_KEY: keys.secretKey,
  });
  serve();
}
await untilHealthy();
const first = setUp ? `\n  Set up       ${setUp}\n               works once, within an hour\n` : "";
console.log(`${first}
  Candor       ${url}
  Dashboard    ${url}/app
  Demo page    ${url}/demo
  Mailbox      ${url}/demo/mailbox
  Survey link  ${await newSurveyLink(keys.secretKey)}
  A score      curl -H "Authorization: Bearer ${keys.readKey}" ${url}/v1/touchpoints/relationship/score
  Reference    ${url}/docs

  Demo keys    publishable  ${keys.publishableKey}
               secret       ${keys.secretKey}
               read only    ${keys.readKey}
`);
await driveClock();
