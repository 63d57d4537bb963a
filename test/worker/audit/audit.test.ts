import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { AuditEntry, acts } from "../../../shared/contract/audit.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { forgetEntries } from "../../../worker/audit/db/entries.ts";
import { Authenticator } from "../members/authenticator.ts";
import { Browser, memberOf } from "../members/browser.ts";
import { WatchedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

const canary = "canary-71f3";

let workspace: TestWorkspace;
let owner: Awaited<ReturnType<typeof memberOf>>;
beforeEach(async () => {
  workspace = await newWorkspace();
  owner = await memberOf(workspace, "owner", "Mara");
});

const Page = z.object({ data: z.array(AuditEntry), next_cursor: z.string().nullable() });
const entries = async (query = "") => Page.parse(await owner.read("GET", `/v1/audit${query}`)).data;
const newest = async () => (await entries())[0];

async function byKey(method: string, path: string, json?: object) {
  const answer = await requestUnlimited(path, { method, key: workspace.write, ...(json && { json }) });
  return answer.status === 204 ? null : await answer.json<{ id: string }>();
}

test("an entry says who changed what, when, by which request, and what was there before and after", async () => {
  const { id } = await owner.read("POST", "/v1/surveys", {
    json: { name: "old", kind: "nps", subject: "us" },
  });
  const json = { name: "new", subject: "us", theme: { accent: "#aa0000" } };
  const answer = await owner.send("PATCH", `/v1/surveys/${id}`, { json });
  expect(answer.status).toBe(200);
  expect(await newest()).toMatchObject({
    by: { id: owner.id, name: "Mara" },
    what: "survey.changed",
    thing: id,
    // The subject was given and stayed.
    changes: [
      { field: "name", before: "old", after: "new" },
      { field: "theme", before: null, after: '{"accent":"#aa0000"}' },
    ],
    request_id: answer.headers.get("x-request-id"),
  });
  await byKey("DELETE", `/v1/surveys/${id}`);
  const archived = await newest();
  expect(archived).toMatchObject({ what: "survey.archived", thing: id, changes: [] });
  expect(archived?.by.id).toMatch(/^key_/);
  expect(archived?.by.name).toBe("secret");
});

/** Does each act once, with a customer's texts, an address and secrets where there could be any. */
async function everything() {
  const mail = { from: { address: `${canary}@shop.example`, name: "Shop" }, postal_address: "1 Main Street" };
  await byKey("PATCH", "/v1/workspace", { mail });
  const survey = await byKey("POST", "/v1/surveys", { name: "a", kind: "nps", subject: "us" });
  await byKey("PATCH", `/v1/surveys/${survey?.id}`, { name: "b" });
  await byKey("PATCH", `/v1/surveys/${survey?.id}/draft`, { subject: "you" });
  await byKey("DELETE", `/v1/surveys/${survey?.id}/draft`);
  await byKey("POST", "/v1/touchpoints", { name: "new", survey: survey?.id });
  await byKey("PATCH", "/v1/touchpoints/new", { survey: workspace.surveys.csat, wait_days: 3 });
  const audience = [{ property: "email", is_not: [`${canary}@shop.example`] }];
  const pages = [{ contains: `?for=${canary}` }];
  await byKey("PATCH", "/v1/touchpoints/new", { rules: { audience, pages, sample: 0.5 } });
  await byKey("PATCH", "/v1/touchpoints/new", { rules: { audience: [...audience, ...audience], sample: 1 } });
  await byKey("DELETE", "/v1/touchpoints/new");
  await byKey("DELETE", `/v1/surveys/${survey?.id}`);
  const key = await byKey("POST", "/v1/keys", { name: "a", kind: "secret" });
  await byKey("PATCH", `/v1/keys/${key?.id}`, { name: "b" });
  await byKey("DELETE", `/v1/keys/${key?.id}`);
  const template = await byKey("POST", "/v1/templates", { name: "a", texts: { en: { intro: "Hi" } } });
  await byKey("PATCH", `/v1/templates/${template?.id}`, { name: "b" });
  const campaign = await byKey("POST", "/v1/campaigns", { name: "a", touchpoint: "checkout" });
  await byKey("PATCH", `/v1/campaigns/${campaign?.id}`, { name: "b", state: "running" });
  await byKey("POST", "/v1/suppressions", { emails: [`${canary}@shop.example`] });
  const found = await requestUnlimited("/v1/suppressions/search", {
    key: workspace.read,
    json: { email: `${canary}@shop.example` },
  });
  const { data } = await found.json<{ data: { id: string }[] }>();
  await byKey("DELETE", `/v1/suppressions/${data[0]?.id}`);
  const response = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 3, comment: canary };
  await byKey("POST", "/v1/responses", { ...response, respondent: canary, properties: { note: canary } });
  await byKey("PATCH", `/v1/responses/${response.id}`, { excluded: "test" });
  await byKey("DELETE", `/v1/responses/${response.id}`);
  await byKey("POST", "/v1/breakdowns", { dimension: "property:plan" });
  await byKey("DELETE", "/v1/breakdowns/property:plan");
  await byHand(campaign?.id ?? "");
  await byKey("POST", "/v1/erasures", { respondent: `${canary}@shop.example` });
  await byKey("POST", "/v1/samples");
  await byKey("DELETE", "/v1/samples");
  const editor = await memberOf(workspace, "editor");
  await owner.read("PATCH", `/v1/members/${editor.id}`, { json: { role: "analyst" } });
  await owner.read("DELETE", `/v1/members/${editor.id}`);
  const leaves = await memberOf(workspace, "analyst");
  await leaves.read("DELETE", `/v1/session/workspaces/${workspace.id}`);
  const lost = await owner.read("POST", "/v1/members/invitations", { json: { role: "editor" } });
  const invitation = await owner.read("POST", `/v1/members/invitations/${lost.id}/renew`);
  await owner.read("DELETE", `/v1/members/invitations/${invitation.id}`);
  const passkey = await Authenticator.make();
  const credential = await passkey.create(await owner.read("POST", "/v1/passkeys/challenge"));
  await owner.read("POST", "/v1/passkeys", { json: { name: canary, credential } });
  await owner.read("PATCH", `/v1/passkeys/${passkey.id}`, { json: { name: `${canary}'s laptop` } });
  await owner.read("DELETE", `/v1/passkeys/${passkey.id}`);
  return { invitation, key };
}

/** What is written down only where a member does it, once by a key and once by the owner. */
async function byHand(campaign: string) {
  const touchpoint = "checkout";
  const email = `${canary}@shop.example`;
  // Recipients are added to a campaign that does not run.
  await env.DB.exec("UPDATE campaigns SET state = 'paused'");
  for (const post of [
    (path: string, json: object) => byKey("POST", path, json),
    (path: string, json: object) => owner.read("POST", path, { json }),
  ]) {
    await post("/v1/links", { touchpoint, respondent: canary });
    const { id } = (await post("/v1/sends", { touchpoint, email: `a${email}` })) ?? {};
    await env.DB.exec("UPDATE mails SET state = 'failed' WHERE campaign_ref IS NULL");
    await post(`/v1/invitations/${id}/send`, {});
    await post(`/v1/campaigns/${campaign}/recipients`, { recipients: [{ email }] });
    const response = { id: crypto.randomUUID(), touchpoint, rating: 3, comment: canary };
    await post("/v1/responses/batch", { responses: [response] });
  }
  await env.DB.exec(
    `INSERT INTO clicks (workspace_ref, response, touchpoint_ref, survey_ref, rating, times, signs, first_at, last_at) SELECT workspace_ref, 'x', ref, 1, 5, 1, 0, ${Date.now()}, ${Date.now()} FROM touchpoints WHERE name = '${touchpoint}'`,
  );
  await owner.read("DELETE", `/v1/touchpoints/${touchpoint}/unconfirmed`);
}

test("everything that is to be written down is, each once for each time", async () => {
  await everything();
  const whats = (await entries("?limit=100")).map(({ what }) => what);
  expect([...new Set(whats)].sort()).toEqual([...acts].sort());
  // The owner, the editor and the one who left joined, and a touchpoint was changed three times.
  expect(whats.length).toBe(acts.length + 4);
});

test("no entry has an answer's text, a customer's or member's address or a secret", async () => {
  const { invitation, key } = await everything();
  const json = { role: "editor", email: `${canary}@staff.example` };
  await owner.read("POST", "/v1/members/invitations", { json });
  expect((await newest())?.changes).toEqual([{ field: "role", before: null, after: "editor" }]);
  const { results } = await env.DB.prepare("SELECT * FROM audit_entries").all();
  const text = JSON.stringify(results);
  const token = invitation.url.split("#")[1];
  for (const secret of [canary, token, z.object({ key: z.string() }).parse(key).key, owner.token ?? ""])
    expect(text.includes(secret)).toBe(false);
  const hashes = await env.DB.prepare("SELECT hash FROM keys UNION SELECT hash FROM sessions").all<{
    hash: string;
  }>();
  for (const { hash } of hashes.results) expect(text.includes(hash)).toBe(false);
});

test("an entry is written with its change, and where the change fails or is none, no entry is", async () => {
  const count = () => env.DB.prepare("SELECT COUNT(*) AS n FROM audit_entries").first<number>("n");
  const before = await count();
  // The same once more, a name that is taken, what is archived already, the last owner, and what is not there.
  await byKey("PATCH", "/v1/workspace", { name: "Test" });
  await byKey("POST", "/v1/touchpoints", { name: "checkout" });
  await byKey("DELETE", "/v1/surveys/srv_0");
  await byKey("PATCH", "/v1/surveys/srv_0", { name: "x" });
  await owner.status("PATCH", `/v1/members/${owner.id}`, { json: { role: "analyst" } });
  await owner.status("DELETE", `/v1/members/${owner.id}`);
  await owner.status("DELETE", "/v1/members/invitations/otl_0");
  await owner.status("POST", "/v1/members/invitations/otl_0/renew");
  await owner.status("PATCH", "/v1/passkeys/none", { json: { name: "x" } });
  await owner.status("POST", "/v1/sessions", { json: { token: "x", name: "Eve" } });
  expect(await count()).toBe(before);
  // A database whose answer is lost after the commit: the worker asks again, and there is one entry.
  let lost = 0;
  const losing = new WatchedDatabase(env.DB, async (run, statements) => {
    const result = await run();
    if (statements.some(({ sql }) => sql.includes("audit_entries")) && lost++ === 0)
      throw new Error("D1_ERROR: Network connection lost.");
    return result;
  });
  const json = { name: "renamed" };
  await requestUnlimited("/v1/workspace", { method: "PATCH", key: workspace.write, json }, losing);
  expect([lost, await count()]).toEqual([2, (before ?? 0) + 1]);
  expect((await newest())?.changes).toEqual([{ field: "name", before: "Test", after: "renamed" }]);
  // One that fails, with all its parts.
  const failing = new WatchedDatabase(env.DB, async (run, statements) => {
    if (statements.some(({ sql }) => sql.includes("audit_entries")))
      throw new Error("D1_ERROR: no such table");
    return run();
  });
  await requestUnlimited(
    "/v1/workspace",
    { method: "PATCH", key: workspace.write, json: { name: "x" } },
    failing,
  );
  expect((await owner.read("GET", "/v1/session")).workspaces[0].name).toBe("renamed");
});

test("what differs is said by its public id, and long texts by their beginning", async () => {
  await byKey("PATCH", "/v1/touchpoints/checkout", { survey: workspace.surveys.nps });
  expect((await newest())?.changes).toEqual([
    { field: "survey", before: workspace.surveys.csat, after: workspace.surveys.nps },
  ]);
  const texts = { en: { question: "€".repeat(300) } };
  const languages = Object.fromEntries(["de", "fr", "es", "it", "pl"].map((tag) => [tag, texts.en]));
  await byKey("PATCH", `/v1/surveys/${workspace.surveys.nps}`, { texts: languages });
  const [change] = (await newest())?.changes ?? [];
  expect(String(change?.after)).toMatch(/^\{"de":\{"question":"€+.*…$/);
  expect(String(change?.after).length).toBe(1001);
});

test("of rules and mail settings, which may name people, the parts are said and their numbers", async () => {
  const audience = [{ property: "email", is_not: ["ann@shop.example"] }];
  await byKey("PATCH", "/v1/touchpoints/checkout", { rules: { audience, most_responses: 100 } });
  const rules = "audience, most_responses 100";
  expect((await newest())?.changes).toEqual([{ field: "rules", before: null, after: rules }]);
  // That they changed is said where the same parts are left.
  const less = [{ property: "email", is: ["ann@shop.example"] }];
  await byKey("PATCH", "/v1/touchpoints/checkout", { rules: { audience: less, most_responses: 100 } });
  expect((await newest())?.changes).toEqual([{ field: "rules", before: rules, after: rules }]);
  const mail = { from: { address: "ann@shop.example", name: "Ann" }, postal_address: "1 Main Street" };
  await byKey("PATCH", "/v1/workspace", { mail });
  expect((await newest())?.changes).toEqual([
    { field: "mail", before: null, after: "from, postal_address, quiet_hours" },
  ]);
});

test("the log is read page by page, by maker, act, thing and time, and of one workspace alone", async () => {
  const other = await newWorkspace();
  const stranger = await memberOf(other, "owner", "stranger");
  for (const name of ["a", "b", "c"]) await owner.read("PATCH", "/v1/workspace", { json: { name } });
  await byKey("PATCH", "/v1/workspace", { name: "d" });
  const all = await entries();
  expect(all.map(({ at }) => at)).toEqual(
    all
      .map(({ at }) => at)
      .sort()
      .reverse(),
  );
  const first = Page.parse(await owner.read("GET", "/v1/audit?limit=2"));
  const second = Page.parse(await owner.read("GET", `/v1/audit?limit=100&cursor=${first.next_cursor}`));
  expect([...first.data, ...second.data]).toEqual(all);
  expect(await entries(`?by=${owner.id}`)).toHaveLength(4);
  expect(await entries("?what=workspace.changed")).toHaveLength(4);
  expect(await entries(`?thing=${owner.id}`)).toMatchObject([
    { what: "member.joined", changes: [{ field: "role", before: null, after: "owner" }] },
  ]);
  expect(await entries(`?from=${new Date(Date.now() + 1000).toISOString()}`)).toEqual([]);
  expect(await owner.status("GET", "/v1/audit?what=nothing")).toBe(422);
  const theirs = Page.parse(await stranger.read("GET", "/v1/audit"));
  expect(theirs.data).toMatchObject([{ what: "member.joined", by: { id: stranger.id } }]);
});

test("it is taken along as CSV and NDJSON, in which no cell is a formula", async () => {
  const name = "=HYPERLINK(1)";
  await owner.read("PATCH", "/v1/workspace", { json: { name } });
  const csv = await owner.send("GET", "/v1/audit?format=csv");
  expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const lines = (await csv.text()).trimEnd().split("\r\n");
  expect(lines[0]).toBe("at,by,name,what,thing,field,before,after,request_id,id");
  expect(lines[1]).toContain(`workspace.changed,${workspace.id},name,Test,'=HYPERLINK(1),`);
  const ndjson = await owner.send("GET", "/v1/audit?format=ndjson");
  const [first = ""] = (await ndjson.text()).split("\n");
  expect(AuditEntry.parse(JSON.parse(first)).changes).toEqual([
    { field: "name", before: "Test", after: name },
  ]);
  expect(await new Browser(workspace.id).status("GET", "/v1/audit?format=csv")).toBe(401);
});

test("an entry is kept for 400 days", async () => {
  const now = Date.now();
  await forgetEntries(workspace.db, now + 399 * dayMs, 100);
  expect(await entries()).toHaveLength(1);
  expect(await forgetEntries(workspace.db, now + 401 * dayMs, 100)).toBe(false);
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM audit_entries").first("n")).toBe(0);
});
