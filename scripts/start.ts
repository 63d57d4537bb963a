import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { findWorkspaceByName } from "../worker/db/workspaces.ts";
import { DEMO_NAME, insertSampleResponses } from "./demo.ts";
import { readLocalVars, withLocalDatabase, writeLocalVars } from "./local.ts";
import { createDemoSurveys, createDemoWays, createWorkspace } from "./seed.ts";
import { runWrangler, startWrangler } from "./wrangler.ts";

const port = Number(process.env.PORT ?? "8787");
const url = `http://localhost:${port}`;

/** wrangler would quietly take another port, and the printed addresses would be somebody else's. */
async function refuseTakenPort(): Promise<void> {
  const probe = createServer().listen(port, "localhost");
  try {
    await once(probe, "listening");
  } catch {
    console.error(`Port ${port} is taken or not allowed. Choose another one: PORT=8788 npm start`);
    process.exit(1);
  }
  probe.close();
  await once(probe, "close");
}

/** The local secret and the demo workspace with its sample; made once and kept. */
async function prepare(): Promise<Record<string, string>> {
  await runWrangler(["d1", "migrations", "apply", "DB", "--local"]);
  const known = await readLocalVars();
  const vars = { ...known, CANDOR_SECRET: known.CANDOR_SECRET ?? randomBytes(32).toString("hex") };
  return await withLocalDatabase(async (db) => {
    if (known.DEMO_SECRET_KEY && (await findWorkspaceByName(db, DEMO_NAME))) return vars;
    console.log("Seeding the demo shop …");
    const workspace = await createWorkspace(db, DEMO_NAME);
    await createDemoSurveys(db, workspace.ref);
    await createDemoWays(db, workspace.ref);
    await insertSampleResponses(db, workspace.ref);
    const seeded = {
      ...vars,
      DEMO_PUBLISHABLE_KEY: workspace.publishableKey,
      DEMO_READ_KEY: workspace.readKey,
      DEMO_SECRET_KEY: workspace.secretKey,
    };
    await writeLocalVars(seeded);
    return seeded;
  });
}

async function untilHealthy(): Promise<void> {
  for (;;) {
    const healthy = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
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

await refuseTakenPort();
const vars = await prepare();
// No clock drives the schedule here: GET /__scheduled does.
const args = ["dev", "--port", String(port), "--log-level", "warn", "--test-scheduled"];
const server = startWrangler(args, "inherit");
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
server.on("exit", (code) => process.exit(code ?? 0));
await untilHealthy();
const { DEMO_PUBLISHABLE_KEY = "", DEMO_READ_KEY = "", DEMO_SECRET_KEY = "" } = vars;
console.log(`
  Candor       ${url}
  Demo page    ${url}/demo
  Survey link  ${await newSurveyLink(DEMO_SECRET_KEY)}
  A score      curl -H "Authorization: Bearer ${DEMO_READ_KEY}" ${url}/v1/touchpoints/relationship/score
  Reference    ${url}/docs

  Demo keys    publishable  ${DEMO_PUBLISHABLE_KEY}
               secret       ${DEMO_SECRET_KEY}
               read only    ${DEMO_READ_KEY}
`);
