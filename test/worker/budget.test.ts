import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { forgetKeys } from "../../worker/auth.ts";
import { granted } from "../../worker/db/budget.ts";
import type { Statement } from "../../worker/db/database.ts";
import { jobs, mails } from "../../worker/jobs.ts";
import worker, { app } from "../../worker/local.ts";
import { forgetAsked } from "../../worker/routes/asked.ts";
import { type Deployment, type Largest, largestRequests } from "../largest.ts";
import { largestWork } from "../largest-work.ts";
import { recordedDatabase } from "./watched.ts";
import { newWorkspace, requestUnlimited } from "./workspace.ts";

const utf8 = new TextEncoder();

/** What the platform counts. */
function asked(batches: readonly (readonly Statement[])[]) {
  const values = batches.flat().map((statement) => statement.values);
  const bytes = values.flat().map((value) => utf8.encode(String(value)).byteLength);
  return {
    statements: values.length,
    values: Math.max(0, ...values.map(({ length }) => length)),
    bytes: Math.max(0, ...bytes),
  };
}

function expectGranted(name: string, batches: readonly (readonly Statement[])[]): void {
  const { statements, values, bytes } = asked(batches);
  expect(statements, name).toBeLessThanOrEqual(granted.statements);
  expect(values, name).toBeLessThanOrEqual(granted.values);
  expect(bytes, name).toBeLessThanOrEqual(granted.bytes);
}

const routes = [
  ...new Set(
    app.routes
      .filter(({ method }) => method !== "ALL" && method !== "OPTIONS")
      .map(({ method, path }) => `${method} ${path}`),
  ),
];

async function deployment(): Promise<Deployment> {
  const workspace = await newWorkspace();
  const { DB: d1, CANDOR_SECRET: secret, MAIL_EVENTS_SECRET: eventsSecret = "" } = env;
  return { ...workspace, d1, secret, eventsSecret, send: (path, sent) => requestUnlimited(path, sent) };
}

test("every route stays within what an invocation is granted, with the largest input that it takes", async () => {
  const requests = await largestRequests(await deployment());
  expect([...new Set(requests.map(({ route }) => route))].sort()).toEqual(routes.sort());
  const ask = async ({ route, path, status = 200, ...sent }: Largest) => {
    // As the first request of an isolate, which remembers nothing.
    forgetKeys();
    forgetAsked();
    const { d1, batches } = recordedDatabase(env.DB);
    const [method = ""] = route.split(" ");
    const answer = await requestUnlimited(path, { method, ...sent }, d1);
    const isAnswered = answer.status === status;
    expect(answer.status, isAnswered ? route : `${route}: ${await answer.text()}`).toBe(status);
    if (answer.headers.get("content-type") === "text/event-stream") await answer.body?.cancel();
    expectGranted(route, batches);
  };
  for (const request of requests) await ask(request);
});

test("every job stays within what an invocation is granted, with all the work that can be due", async () => {
  await largestWork(await deployment());
  for (const { name } of [...jobs, mails]) {
    await env.DB.exec("DELETE FROM due_jobs");
    const others = jobs.filter((job) => job.name !== name).map((job) => job.name);
    await env.DB.prepare("INSERT INTO due_jobs (name, due_at) SELECT value, ?2 FROM json_each(?1)")
      .bind(JSON.stringify(others), Number.MAX_SAFE_INTEGER)
      .run();
    const { d1, batches } = recordedDatabase(env.DB);
    const context = createExecutionContext();
    const bindings = { ...env, DB: d1, BUDGET: "throws", MAIL_URL: "", MAIL: sink };
    const controller = createScheduledController(name === mails.name ? { cron: "* * * * *" } : {});
    worker.scheduled(controller, bindings, context);
    await waitOnExecutionContext(context);
    expectGranted(name, batches);
    // It was claimed and given back, and did something between.
    expect(batches.flat().length, name).toBeGreaterThan(4);
  }
});

/** Takes every mail. */
const sink: SendEmail = { send: () => Promise.resolve({ messageId: "1" }) };
