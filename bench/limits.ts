import * as z from "zod";
import { build } from "../scripts/build/build.ts";
import { startServer } from "../test/harness.ts";
import { largestRequests } from "../test/largest.ts";
import type { Deployment, Largest } from "../test/largest-input.ts";
import { largestWork } from "../test/largest-work.ts";
import { granted } from "../worker/db/budget.ts";
import { type CpuMeter, meterCpu } from "./tools/cpu.ts";
import { type Figure, median, report, thousands } from "./tools/report.ts";

/** Measures what each route and job costs with its largest input: statements, rows, and script CPU beside `GET /v1/ask`. */

const rounds = Number(process.env.ROUNDS ?? "5");
const secret = "a secret for benchmarks, 40 characters..";
/** The triggers in wrangler.toml. */
const mailTrigger = "* * * * *";
const othersTrigger = "*/2 * * * *";
/** One request is too short to be sampled. */
const asks = 50;
const eventsSecret = "whsec_dGVzdCBzZWNyZXQgb2YgZXZlbnRz";

// The worker's sealing of links runs here too. It needs toBase64, which Node 24 lacks.
Object.defineProperty(Uint8Array.prototype, "toBase64", {
  value(this: Uint8Array) {
    return Buffer.from(this).toString("base64url");
  },
});

const Line = z.object({
  route: z.string().optional(),
  job: z.string().optional(),
  method: z.string().optional(),
  statements: z.int(),
  rows_read: z.int(),
  rows_written: z.int(),
});
let lines: z.infer<typeof Line>[] = [];

await build();

/** Starts a server with the demo's surveys. Its worker's log goes into `lines`. */
async function start() {
  const server = await startServer({
    // Nothing listens on this port, so mails are refused at once.
    vars: {
      CANDOR_SECRET: secret,
      MAIL_EVENTS_SECRET: eventsSecret,
      MAIL_URL: "smtp://127.0.0.1:9?tls=none",
    },
    inspected: true,
    onLog: (text) => {
      const line = Line.safeParse(JSON.parse(text));
      if (line.success) lines.push(line.data);
    },
  });
  const { results } = await server.d1
    .prepare("SELECT kind, id FROM surveys")
    .all<{ kind: string; id: string }>();
  const survey = (kind: string) => results.find((row) => row.kind === kind)?.id ?? "";
  const deployment: Deployment = {
    d1: server.d1,
    ref: server.ref,
    id: server.id,
    secret,
    eventsSecret,
    publishable: server.publishableKey,
    write: server.secretKey,
    surveys: { nps: survey("nps"), csat: survey("csat") },
    origin: server.url,
    send: (path, { method, key, json, body, headers = {} }) => {
      const url = new URL(path, server.url);
      if (key?.startsWith("pk_")) url.searchParams.set("key", key);
      const payload = body ?? (json === undefined ? null : JSON.stringify(json));
      return fetch(url, {
        method: method ?? (payload === null ? "GET" : "POST"),
        body: payload,
        redirect: "manual",
        headers: {
          ...(key?.startsWith("sk_") && { authorization: `Bearer ${key}` }),
          ...(json !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
      });
    },
  };
  return { server, deployment, meter: await meterCpu(await server.inspector()) };
}

interface Cost {
  name: string;
  cpuMs: number;
  line: z.infer<typeof Line> | undefined;
}

/** Takes the database's cost from the first run, since later ones find everything done, and the median CPU time of all. */
async function costOf(meter: CpuMeter, name: string, run: () => Promise<unknown>): Promise<Cost> {
  lines = [];
  const times: number[] = [];
  let line: Cost["line"];
  for (let round = 0; round < rounds; round += 1) {
    times.push(
      await meter.ms(async () => {
        await run();
      }),
    );
    line ??= lines.find(({ statements }) => statements > 0);
  }
  return { name, cpuMs: median(times), line };
}

async function routeCosts(): Promise<Cost[]> {
  const { server, deployment, meter } = await start();
  const send = async ({ path, route, status: _, ...sent }: Largest) => {
    const [method = ""] = route.split(" ");
    const answer = await deployment.send(path, { method, ...sent });
    if (answer.status >= 500) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
    if (answer.headers.get("content-type") === "text/event-stream") await answer.body?.cancel();
    else await answer.arrayBuffer();
  };
  const requests = await largestRequests(deployment);
  const ask = `/v1/ask?touchpoint=relationship&key=${deployment.publishable}`;
  const asking = async () => {
    for (let n = 0; n < asks; n += 1) await (await fetch(server.url + ask)).arrayBuffer();
  };
  await asking();
  const asked = await costOf(meter, "GET /v1/ask of one touchpoint", asking);
  const costs = [{ ...asked, cpuMs: asked.cpuMs / asks }];
  for (const request of requests) costs.push(await costOf(meter, request.route, () => send(request)));
  meter.stop();
  await server.stop();
  return costs;
}

async function jobCosts(): Promise<Cost[]> {
  const { server, deployment, meter } = await start();
  await largestWork(deployment);
  // The first run records which jobs there are.
  await server.schedule(othersTrigger);
  const { results } = await server.d1.prepare("SELECT name FROM due_jobs").all<{ name: string }>();
  const costs: Cost[] = [];
  for (const { name } of [...results, { name: "mails" }]) {
    const due = async () => {
      await server.d1
        .prepare("UPDATE due_jobs SET claim = NULL, claimed_at = NULL, due_at = IIF(name = ?1, 0, ?2)")
        .bind(name, Number.MAX_SAFE_INTEGER)
        .run();
      await server.schedule(name === "mails" ? mailTrigger : othersTrigger);
    };
    costs.push(await costOf(meter, `the job ${name}`, due));
  }
  meter.stop();
  await server.stop();
  return costs;
}

const [asked, ...costs] = [...(await routeCosts()), ...(await jobCosts())];
const unit = asked?.cpuMs ?? Number.NaN;
const figures = costs
  .toSorted((one, other) => other.cpuMs - one.cpuMs)
  .map(({ name, cpuMs, line }): Figure => {
    const { statements = 0, rows_read = 0, rows_written = 0 } = line ?? {};
    const rows = `rows ${thousands(rows_read)} read, ${thousands(rows_written)} written`;
    return {
      what: name,
      figure: `${statements} statements, ${rows}, CPU ${(cpuMs / unit).toFixed(1)} times`,
      target: `<= ${granted.statements} statements`,
      met: statements <= granted.statements,
    };
  });
const own = { what: "CPU of GET /v1/ask on this machine", figure: `${unit.toFixed(2)} ms`, target: "" };
report([own, ...figures], "npm run bench -- limits");
