import { Hono } from "hono";
import { routePath } from "hono/route";
import { askRoutes } from "./asking/routes/ask.ts";
import { decisionRoutes } from "./asking/routes/decisions.ts";
import { sightingRoutes } from "./asking/routes/sightings.ts";
import { auditRoutes } from "./audit/routes/audit.ts";
import { dashboardPage } from "./dashboard/pages/dashboard.tsx";
import { signInPages } from "./dashboard/pages/sign-in.tsx";
import { DatabaseBusy } from "./db/database.ts";
import { secondsUntilOver } from "./db/faults.ts";
import { homePage } from "./deployment/pages/home.tsx";
import { buildRoutes } from "./deployment/routes/builds.ts";
import { healthRoutes } from "./deployment/routes/health.ts";
import { referenceRoutes } from "./deployment/routes/reference.ts";
import { type App, openDatabase } from "./environment.ts";
import { erasureRoutes } from "./erasures/routes/erasures.ts";
import { responseErasureRoutes } from "./erasures/routes/responses.ts";
import { drain } from "./http/body.ts";
import { securityHeaders } from "./http/json.ts";
import { Problem } from "./http/problem.ts";
import { invitationRoutes } from "./invitations/routes/invitations.ts";
import { linkRoutes } from "./invitations/routes/links.ts";
import { routedPath } from "./links/link-path.ts";
import { surveyLinkPage } from "./links/pages/survey-link.tsx";
import { emailRoutes } from "./links/routes/email.ts";
import { unconfirmedRoutes } from "./links/routes/unconfirmed.ts";
import { logError } from "./log.ts";
import { unsubscribePage } from "./mail/pages/unsubscribe.tsx";
import { campaignRoutes } from "./mail/routes/campaigns.ts";
import { mailRoutes } from "./mail/routes/mail.ts";
import { sendRoutes } from "./mail/routes/sends.ts";
import { suppressionRoutes } from "./mail/routes/suppressions.ts";
import { templateRoutes } from "./mail/routes/templates.ts";
import { authenticate, signedIn } from "./members/authentication.ts";
import { addressRoutes } from "./members/routes/addresses.ts";
import { memberRoutes } from "./members/routes/members.ts";
import { passkeyRoutes } from "./members/routes/passkeys.ts";
import { sessionOfMemberRoutes } from "./members/routes/session.ts";
import { sessionRoutes } from "./members/routes/sessions.ts";
import { currentSession } from "./members/session.ts";
import { visitorOf } from "./members/visitor.ts";
import { personResponseRoutes } from "./responses/routes/person-responses.ts";
import { responseRoutes } from "./responses/routes/responses.ts";
import { breakdownRoutes } from "./rollup/routes/breakdowns.ts";
import { sampleRoutes } from "./samples/routes/samples.ts";
import { badgePicture } from "./scores/pages/badge.tsx";
import { figurePage } from "./scores/pages/figure.tsx";
import { publicScoreRoutes } from "./scores/routes/public-scores.ts";
import { scoreRoutes } from "./scores/routes/scores.ts";
import { streamRoutes } from "./scores/routes/stream.ts";
import { draftRoutes } from "./surveys/routes/drafts.ts";
import { surveyRoutes } from "./surveys/routes/surveys.ts";
import { touchpointRoutes } from "./surveys/routes/touchpoints.ts";
import { versionRoutes } from "./surveys/routes/versions.ts";
import { keyRoutes } from "./workspaces/routes/keys.ts";
import { workspaceRoutes } from "./workspaces/routes/workspace.ts";

export const app = new Hono<App>({ getPath: routedPath });

/** Sets headers, and logs one line for each request. It logs the route, because a path carries tokens and names. */
app.use(async (c, next) => {
  // Without the platform in front, anyone may send this header: it is echoed and logged only in the platform's form.
  const ray = c.req.header("cf-ray") ?? "";
  const requestId = /^[0-9a-f]{16}(-[A-Z]{3})?$/.test(ray) ? ray : crypto.randomUUID();
  const now = Date.now();
  const db = openDatabase(c.env);
  c.set("requestId", requestId);
  c.set("now", now);
  c.set("db", db);
  c.set("authenticate", (access) => authenticate(c, access));
  c.set("signedIn", () => signedIn(c));
  c.set("cors", false);
  c.set("bySession", false);
  c.set("cookie", null);
  await next();
  const { headers, status } = c.res;
  // `json()` has already set its headers.
  if (!headers.has("x-request-id")) {
    if (!headers.has("content-security-policy")) {
      for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
    }
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
    headers.set("x-request-id", requestId);
    if (c.var.cors) headers.set("access-control-allow-origin", "*");
  }
  if (c.var.bySession) headers.set("cache-control", "private, no-store");
  if (c.var.cookie) headers.append("set-cookie", c.var.cookie);
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
  // A stream is logged when it ends: only then is its cost known.
  c.executionCtx.waitUntil(streamed.catch((error) => logError({ request_id: requestId }, error)).then(log));
});

askRoutes(app);
responseRoutes(app);
responseErasureRoutes(app);
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
draftRoutes(app);
versionRoutes(app);
touchpointRoutes(app);
decisionRoutes(app);
sightingRoutes(app);
breakdownRoutes(app);
sampleRoutes(app);
keyRoutes(app);
workspaceRoutes(app);
sessionRoutes(app);
sessionOfMemberRoutes(app);
passkeyRoutes(app);
addressRoutes(app);
memberRoutes(app);
auditRoutes(app);
signInPages(app);
dashboardPage(app, visitorOf);
healthRoutes(app);
referenceRoutes(app);
surveyLinkPage(app);
unsubscribePage(app);
homePage(app, async (c) => (await currentSession(c)) !== null);
badgePicture(app);
figurePage(app);
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
