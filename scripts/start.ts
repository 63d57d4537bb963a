import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { startMailbox } from "./demo/mailbox.ts";
import type { FirstKeys } from "./demo/seed.ts";
import { readLocalVars, writeLocalVars } from "./local.ts";
import { choosePort } from "./port.ts";
import { startWrangler } from "./wrangler.ts";

const port = await choosePort(process.env.PORT || "8787").catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
const url = `http://localhost:${port}`;

/** The demo shop's keys that `npm start` made before; null: it did not yet. */
function knownKeys(vars: Record<string, string>): FirstKeys | null {
  const { DEMO_PUBLISHABLE_KEY, DEMO_SECRET_KEY, DEMO_READ_KEY } = vars;
  if (!DEMO_PUBLISHABLE_KEY || !DEMO_SECRET_KEY || !DEMO_READ_KEY) return null;
  return { publishableKey: DEMO_PUBLISHABLE_KEY, secretKey: DEMO_SECRET_KEY, readKey: DEMO_READ_KEY };
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
  // Bundled by the build already, which wrangler runs first and after each change.
  "dist/demo.js",
  "--no-bundle",
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
  // What fails beside it must not leave it behind.
  process.on("exit", () => server.kill());
}

const vars = await readLocalVars();
const known = knownKeys(vars);
// Wrangler reads the secrets as it starts: where they are known, before all else is loaded, and beside the look at the database.
if (known) serve();
const [{ firstKeys }, { prepareDemo }] = await Promise.all([
  import("./demo/seed.ts"),
  import("./demo/prepare.ts"),
]);
const keys = known ?? firstKeys();
const setUp = await prepareDemo(keys, url);
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
