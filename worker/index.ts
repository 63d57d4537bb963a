import { Hono } from "hono";
import { routePath } from "hono/route";
import { type App, openDatabase } from "./app.ts";
import { drain } from "./body.ts";
import { DatabaseBusy } from "./db/database.ts";
import { secondsUntilOver } from "./db/faults.ts";
import { securityHeaders } from "./json.ts";
import { logError } from "./log.ts";
import { routedPath } from "./pages/link-path.ts";
import { pageRoutes } from "./pages/routes.ts";
import { Problem } from "./problem.ts";
import { askRoutes } from "./routes/ask.ts";
import { breakdownRoutes } from "./routes/breakdowns.ts";
import { buildRoutes } from "./routes/builds.ts";
import { campaignRoutes } from "./routes/campaigns.ts";
import { decisionRoutes } from "./routes/decisions.ts";
import { emailRoutes } from "./routes/email.ts";
import { erasureRoutes } from "./routes/erasures.ts";
import { healthRoutes } from "./routes/health.ts";
import { invitationRoutes } from "./routes/invitations.ts";
import { keyRoutes } from "./routes/keys.ts";
import { linkRoutes } from "./routes/links.ts";
import { mailRoutes } from "./routes/mail.ts";
import { personResponseRoutes } from "./routes/person-responses.ts";
import { publicScoreRoutes } from "./routes/public-scores.ts";
import { referenceRoutes } from "./routes/reference.ts";
import { responseRoutes } from "./routes/responses.ts";
import { scoreRoutes } from "./routes/scores.ts";
import { sendRoutes } from "./routes/sends.ts";
import { streamRoutes } from "./routes/stream.ts";
import { suppressionRoutes } from "./routes/suppressions.ts";
import { surveyRoutes } from "./routes/surveys.ts";
import { templateRoutes } from "./routes/templates.ts";
import { touchpointRoutes } from "./routes/touchpoints.ts";
import { unconfirmedRoutes } from "./routes/unconfirmed.ts";
import { workspaceRoutes } from "./routes/workspace.ts";
import { scheduled } from "./scheduled.ts";

export const app = new Hono<App>({ getPath: routedPath });

/** Headers, and one line for each request. The route and not the path: a path carries tokens and names. */
app.use(async (c, next) => {
  // Where no platform stands in front of it, anyone may send the header: it is echoed and logged only in its own form.
  const ray = c.req.header("cf-ray") ?? "";
  const requestId = /^[0-9a-f]{16}(-[A-Z]{3})?$/.test(ray) ? ray : crypto.randomUUID();
  const now = Date.now();
  const db = openDatabase(c.env);
  c.set("requestId", requestId);
  c.set("now", now);
  c.set("db", db);
  c.set("cors", false);
  await next();
  const { headers, status } = c.res;
  // An answer of JSON came with them.
  if (!headers.has("x-request-id")) {
    if (!headers.has("content-security-policy")) {
      for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
    }
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
    headers.set("x-request-id", requestId);
    if (c.var.cors) headers.set("access-control-allow-origin", "*");
  }
  const route = routePath(c, -1);
  const log = () => {
    const line = {
      request_id: requestId,
      method: c.req.method,
      route,
      status,
      ms: Date.now() - now,
      statements: db.statements,
      rows_read: db.rowsRead,
      rows_written: db.rowsWritten,
    };
    console.log(JSON.stringify(line));
  };
  const { streamed } = c.var;
  if (!streamed) return log();
  // Not before it ends: until then nobody knows what it cost.
  c.executionCtx.waitUntil(streamed.catch((error) => logError({ request_id: requestId }, error)).then(log));
});

askRoutes(app);
responseRoutes(app);
linkRoutes(app);
invitationRoutes(app);
unconfirmedRoutes(app);
emailRoutes(app);
sendRoutes(app);
campaignRoutes(app);
templateRoutes(app);
suppressionRoutes(app);
erasureRoutes(app);
personResponseRoutes(app);
mailRoutes(app);
scoreRoutes(app);
streamRoutes(app);
publicScoreRoutes(app);
surveyRoutes(app);
touchpointRoutes(app);
decisionRoutes(app);
breakdownRoutes(app);
keyRoutes(app);
workspaceRoutes(app);
healthRoutes(app);
referenceRoutes(app);
pageRoutes(app);
buildRoutes(app);

app.notFound(async (c) => {
  await drain(c.req.raw);
  const methods = ["GET", "POST", "PATCH", "DELETE"].filter((method) =>
    app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method === method),
  );
  const problem =
    methods.length > 0
      ? new Problem("method-not-allowed", { headers: { allow: methods.join(", ") } })
      : new Problem("not-found");
  return problem.respond(c.var.requestId);
});

app.onError((error, c) => {
  if (error instanceof Problem) return error.respond(c.var.requestId);
  if (error instanceof DatabaseBusy) {
    const { fault } = error;
    console.error(JSON.stringify({ request_id: c.var.requestId, fault: fault.name }));
    const headers = { "retry-after": String(secondsUntilOver(fault, Date.now())) };
    return new Problem("overloaded", { headers }).respond(c.var.requestId);
  }
  logError({ request_id: c.var.requestId }, error);
  return new Problem("internal-error").respond(c.var.requestId);
});

export default { fetch: app.fetch, scheduled };
