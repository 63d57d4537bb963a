import { maxLinks } from "../shared/contract/links.ts";
import { sealInvitation, unsubscribeCode } from "../worker/invitations/codes.ts";
import { sealMailing } from "../worker/links/mailing-token.ts";
import { seal } from "../worker/secrets/secrets.ts";

import {
  type Deployment,
  fill,
  filter,
  type Largest,
  largestResponse,
  long,
  mail,
  named,
  properties,
  question,
  recipients,
  response,
  rules,
  type Sent,
  survey,
  template,
  theme,
  times,
} from "./largest-input.ts";
import { largestOfMembers } from "./largest-members.ts";

/** One request for each route of the app. Those that delete or end something come last. */
export async function largestRequests(deployment: Deployment): Promise<Largest[]> {
  const { publishable, write, id: workspaceId, surveys, secret } = deployment;
  const things = await fill(deployment);
  const mailing = {
    workspace: workspaceId,
    touchpoint: "relationship",
    survey: surveys.nps,
    locale: null,
    properties: null,
  };
  const mailed = `/s/${await sealMailing(secret, mailing)}?respondent=ann&p0=1&p1=2`;
  const sealed = `/s/${await sealInvitation(secret, {
    ...mailing,
    response: crypto.randomUUID(),
    expires: Math.ceil(Date.now() / 1000) + 60,
    respondent: null,
    claimed: "ann",
    properties: named(20, () => 1),
    channel: "email",
  })}`;
  const ending = `/u/${await unsubscribeCode(secret, things.sent.slice(4))}`;
  const suppression = `sup_${await seal(secret, "suppression", "ann@shop.example")}`;
  const form = { body: new URLSearchParams({ rating: "4", comment: long(900) }), status: 303 };
  const row = (route: string, path: string, sent: Sent & { status?: number } = {}): Largest => ({
    route,
    path,
    key: write,
    ...sent,
  });
  const get = (route: string, path = route, sent: Sent & { status?: number } = {}) =>
    row(`GET ${route}`, path, sent);
  const open = (route: string, path = route, sent: Sent & { status?: number } = {}) =>
    get(route, path, { key: "", ...sent });
  const post = (route: string, json: object, status = 201, path = route) =>
    row(`POST ${route}`, path, { json, status });
  const hash = "ab".repeat(32);
  const list = times(maxLinks, (n) => ({
    id: `ticket ${n}`,
    touchpoint: `t${n}`,
    survey: surveys.nps,
    expires_on: "2027-03-31",
    properties,
    respondent: long(180),
    locale: "de",
    confirm: "button",
  }));
  const links = JSON.stringify({ links: list }).replaceAll(String(1e20), "1e20");
  const ofJson = { "content-type": "application/json" };
  const ofCsv = { "content-type": "text/csv; charset=utf-8" };
  // Ten megabytes, mostly of characters that JSON escapes.
  const file = `email,name,plan\n${times(50_000, (n) => `${n}@shop.example,Ann,"${'""'.repeat(85)}"\n`).join("")}`;
  // Most rows have their own touchpoint; the others are one response that was changed a hundred times.
  const changed = crypto.randomUUID();
  const rows = times(500, (n) =>
    response({
      comment: long(400),
      respondent: long(60),
      ...(n < 400 ? { touchpoint: `t${n}` } : { id: changed, revision: n }),
    }),
  );
  const batch = JSON.stringify({ responses: rows }).replaceAll(String(1e20), "1e20");
  const campaign = `/v1/campaigns/${things.campaign}`;
  const invitation = `/v1/invitations/${things.invitation}`;
  return [
    get("/v1/ask", `/v1/ask?locale=de&respondent_hash=${hash}`, {
      key: publishable,
      headers: { origin: "https://shop.example" },
    }),
    get("/v1/touchpoints/:touchpoint/seen", "/v1/touchpoints/t1/seen"),
    post("/v1/impressions", { touchpoint: "checkout", survey: surveys.csat, respondent_hash: hash }, 204),
    post("/v1/responses", { ...largestResponse(), survey: surveys.nps }),
    row("POST /v1/responses/batch", "/v1/responses/batch", { body: batch, headers: ofJson }),
    get(
      "/v1/responses",
      `/v1/responses?limit=100&touchpoint=relationship&survey=${surveys.nps}&channel=api&excluded=false`,
    ),
    get("/v1/responses/:id", `/v1/responses/${things.answered}`),
    row("PATCH /v1/responses/:id", `/v1/responses/${things.answered}`, { json: { excluded: "test" } }),
    row("POST /v1/links", "/v1/links", { body: links, headers: ofJson }),
    get("/v1/invitations", "/v1/invitations?limit=100&touchpoint=t1&state=created"),
    post("/v1/invitations/search", { respondent: long(180), limit: 100, state: "created" }, 200),
    post("/v1/responses/search", { respondent: "ann@shop.example", limit: 100 }, 200),
    get("/v1/invitations/:invitation", invitation),
    post("/v1/invitations/:invitation/send", {}, 200, `/v1/invitations/${things.failed}/send`),
    post("/v1/sends", {
      id: long(100),
      touchpoint: "t1",
      survey: surveys.nps,
      template: things.template,
      email: "c@shop.example",
      name: long(100),
      respondent: long(200),
      properties,
      locale: "de",
      time_zone: "Asia/Kathmandu",
    }),
    get("/v1/campaigns", "/v1/campaigns?limit=100"),
    post("/v1/campaigns", { name: "new", touchpoint: "t2", survey: surveys.nps, template: things.template }),
    get("/v1/campaigns/:campaign", campaign),
    post("/v1/campaigns/:campaign/recipients", { recipients }, 200, `${campaign}/recipients`),
    row("POST /v1/campaigns/:campaign/recipients", `${campaign}/recipients`, { body: file, headers: ofCsv }),
    row("PATCH /v1/campaigns/:campaign", campaign, { json: { state: "running", mails_per_hour: 100 } }),
    get("/v1/templates", "/v1/templates?limit=100"),
    post("/v1/templates", template),
    get("/v1/templates/:template", `/v1/templates/${things.template}?version=1`),
    row("PATCH /v1/templates/:template", `/v1/templates/${things.template}`, { json: template }),
    get(
      "/v1/templates/:template/preview",
      `/v1/templates/${things.template}/preview?touchpoint=t3&survey=${surveys.nps}&locale=aa`,
    ),
    post("/v1/suppressions", { emails: times(1000, (n) => `${"a".repeat(60)}@${n}.shop.example`) }, 204),
    get("/v1/suppressions", "/v1/suppressions?limit=100"),
    get("/v1/mail"),
    post("/v1/mail/test", { to: "ann@shop.example" }, 200),
    row(
      "POST /v1/mail/events",
      "/v1/mail/events",
      await signedEvent(deployment.eventsSecret, things.sent.slice(4)),
    ),
    get("/v1/touchpoints/:touchpoint/unconfirmed", "/v1/touchpoints/relationship/unconfirmed"),
    row("DELETE /v1/touchpoints/:touchpoint/unconfirmed", "/v1/touchpoints/relationship/unconfirmed", {
      status: 204,
    }),
    get(
      "/v1/touchpoints/:touchpoint/score",
      `/v1/touchpoints/relationship/score?${question}&${filter.replace(/^touchpoint=[^&]*&/, "")}&group_by=property:p0,property:p1`,
    ),
    get("/v1/scores", `/v1/scores?${question}&${filter}&group_by=property:p0,property:p1`),
    get("/v1/scores/stream", `/v1/scores/stream?${question}&${filter}&group_by=touchpoint,property:p1`),
    ...["score.json", "badge.svg", "figure"].map((part) =>
      open(`/v1/public/:touchpoint/${part}`, `/v1/public/${things.touchpoint}/${part}`),
    ),
    get("/v1/surveys", "/v1/surveys?limit=100"),
    post("/v1/surveys", survey),
    get("/v1/surveys/:survey", `/v1/surveys/${things.survey}`),
    row("PATCH /v1/surveys/:survey", `/v1/surveys/${things.survey}`, {
      json: { steps: survey.steps, texts: survey.texts },
    }),
    row("PATCH /v1/surveys/:survey/draft", `/v1/surveys/${things.survey}/draft`, {
      json: { subject: long(120), steps: survey.steps, texts: survey.texts },
    }),
    get("/v1/surveys/:survey/draft", `/v1/surveys/${things.survey}/draft`),
    row("POST /v1/surveys/:survey/publish", `/v1/surveys/${things.survey}/publish`),
    get("/v1/surveys/:survey/versions", `/v1/surveys/${things.survey}/versions?limit=100`),
    get("/v1/surveys/:survey/versions/:version", `/v1/surveys/${things.survey}/versions/1`),
    row(
      "POST /v1/surveys/:survey/versions/:version/restore",
      `/v1/surveys/${things.survey}/versions/1/restore`,
    ),
    row("DELETE /v1/surveys/:survey/draft", `/v1/surveys/${things.survey}/draft`),
    get("/v1/surveys/:survey/email", `/v1/surveys/${surveys.nps}/email?touchpoint=relationship`),
    get("/v1/touchpoints", "/v1/touchpoints?limit=100"),
    post("/v1/touchpoints", { name: "new", survey: surveys.nps, rules, automatic: true }),
    get("/v1/touchpoints/:touchpoint", "/v1/touchpoints/new"),
    row("PATCH /v1/touchpoints/:touchpoint", "/v1/touchpoints/new", {
      json: { survey: surveys.csat, rules },
    }),
    row("POST /v1/touchpoints/:touchpoint/decision", "/v1/touchpoints/new/decision", {
      json: {
        url: `https://shop.example/${"a".repeat(1900)}`,
        respondent: "ann",
        properties: named(20, () => long(500)),
        askings: times(100, () => ({ survey: surveys.nps, at: "2026-01-01T00:00:00Z" })),
      },
    }),
    get("/v1/breakdowns"),
    post("/v1/breakdowns", { dimension: "locale" }),
    get("/v1/breakdowns/:dimension", "/v1/breakdowns/locale"),
    row("POST /v1/samples", "/v1/samples"),
    get("/v1/samples"),
    row("DELETE /v1/samples", "/v1/samples"),
    get("/v1/workspace"),
    row("PATCH /v1/workspace", "/v1/workspace", {
      json: { name: long(120), time_zone: "Asia/Kathmandu", mail, theme },
    }),
    get("/v1/keys", "/v1/keys?limit=100"),
    post("/v1/keys", {
      name: "new",
      kind: "publishable",
      origins: times(50, (n) => `https://${n}.shop.example`),
    }),
    get("/v1/keys/:id", `/v1/keys/${things.key}`),
    row("PATCH /v1/keys/:id", `/v1/keys/${things.key}`, { json: { name: long(120) } }),
    open("/health"),
    open("/openapi.json"),
    open("/"),
    open("/docs"),
    open("/v1/:build{[0-9a-f]{6}}/:module{[a-z]+\\.js}", "/v1/000000/survey.js"),
    // Exists only after `npm start` has set it up.
    open("/demo", "/demo", { status: 404 }),
    open("/demo/:way", "/demo/popover", { status: 404 }),
    open("/demo/mailbox", "/demo/mailbox", { status: 404 }),
    row("POST /demo/mailbox", "/demo/mailbox", { body: "recipients=email", status: 404 }),
    ...["", "/html"].map((part) =>
      open(`/demo/mailbox/:mail{[0-9a-f-]{36}}${part}`, `/demo/mailbox/${crypto.randomUUID()}${part}`, {
        status: 404,
      }),
    ),
    open("/s/:link", `${mailed}&rating=9`),
    row("POST /s/:link", sealed, form),
    open("/r/:link", `${things.code}?rating=4`),
    row("POST /r/:link", things.code, form),
    open("/r/:link/qr.svg", `${things.code}/qr.svg`),
    open("/u/:link", ending),
    row("POST /u/:link", ending, { body: "List-Unsubscribe=One-Click" }),
    post("/v1/suppressions/search", { email: "ann@shop.example" }, 200),
    row("DELETE /v1/suppressions/:id", `/v1/suppressions/${suppression}`, { status: 204 }),
    get("/v1/erasures/:erasure", `/v1/erasures/${things.erasure}`),
    // More than one request can erase.
    post("/v1/erasures", { respondent: long(180) }, 202),
    row("POST /v1/erasures/:erasure", `/v1/erasures/${things.erasure}`),
    row("DELETE /v1/responses/:id", `/v1/responses/${things.answered}`, { status: 204 }),
    row("DELETE /v1/invitations/:invitation", invitation),
    row("DELETE /v1/breakdowns/:dimension", "/v1/breakdowns/locale", { status: 204 }),
    row("DELETE /v1/keys/:id", `/v1/keys/${things.key}`),
    row("DELETE /v1/touchpoints/:touchpoint", "/v1/touchpoints/new"),
    row("DELETE /v1/surveys/:survey", `/v1/surveys/${things.survey}`),
    ...(await largestOfMembers(deployment)),
  ];
}

/** An event as a provider sends it (Standard Webhooks). */
async function signedEvent(eventsSecret: string, id: string): Promise<Sent> {
  const body = JSON.stringify({
    type: "bounced",
    message_id: `<${id}.0@shop.example>`,
    reason: "x".repeat(1000),
  });
  const secret = Uint8Array.from(atob(eventsSecret.replace("whsec_", "")), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`1.${timestamp}.${body}`));
  const headers = {
    "webhook-id": "1",
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`,
  };
  return { body, headers };
}
