import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { Workspace } from "../../../shared/contract/keys.ts";
import { recordAndClaim } from "../../../worker/mail/db/claims.ts";
import { newWorkspace, request, requestUnlimited, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const post = (path: string, json: unknown, key = workspace.write) => requestUnlimited(path, { key, json });

/** Signs as a host's own server does, in the host's spelling. */
async function signed(respondent: string): Promise<string> {
  const answer = await request("/v1/workspace", { key: workspace.write });
  const secret = Workspace.parse(await answer.json()).identity_secret;
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const utf8 = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", utf8.encode(secret), algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(respondent))).toHex();
}

/** What is asked of the respondent whom the page names like this, or why nothing is. */
async function askedAs(spelling: string): Promise<string | null> {
  const path = `/v1/ask?touchpoint=checkout&respondent_hash=${await signed(spelling)}`;
  const answer = await requestUnlimited(path, { key: workspace.publishable });
  return answer.status === 200 ? "asked" : answer.headers.get("candor-reason");
}

async function sees(respondent: string, touchpoint = "checkout") {
  const survey = touchpoint === "checkout" ? workspace.surveys.csat : workspace.surveys.nps;
  const json = { touchpoint, survey, respondent, respondent_hash: await signed(respondent) };
  const answer = await post("/v1/impressions", json, workspace.publishable);
  expect(answer.status).toBe(204);
}

const found = async (what: "responses" | "invitations", respondent: string, limit = 50) => {
  const answer = await post(`/v1/${what}/search`, { respondent, limit });
  return z.object({ data: z.array(z.object({ id: z.string() })) }).parse(await answer.json()).data;
};

const people = async (table: string, column = "person") =>
  (await env.DB.prepare(`SELECT DISTINCT ${column} AS one FROM ${table}`).all<{ one: string }>()).results.map(
    ({ one }) => one,
  );

const spellings = [
  "Case.Person@Bücher.Example",
  "case.person@xn--bcher-kva.example",
  " CASE.PERSON@BÜCHER.example",
  "Case.person@xn--BCHER-kva.Example",
];

async function mailed(email: string, touchpoint = "checkout") {
  const sender = { from: { address: "a@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await requestUnlimited("/v1/workspace", { method: "PATCH", key: workspace.write, json: { mail: sender } });
  expect((await post("/v1/sends", { email, touchpoint })).status).toBe(201);
  const now = Date.now();
  const [mail] = await recordAndClaim(workspace.db, [], { claim: email, maxMails: 1, turn: null }, now);
  if (!mail) throw new Error("no mail was due");
  const sent = {
    state: "sent" as const,
    reason: null,
    dueAt: null,
    tried: true,
    sentAt: now,
    remindAt: null,
  };
  await recordAndClaim(workspace.db, [{ mail, ...sent, suppress: false }], null, now);
}

test("whoever was mailed is not asked on a page whose server signs the address in another spelling", async () => {
  await mailed("Case.Person@shop.example");
  expect(await askedAs("Case.Person@shop.example")).toBe("survey-clock");
  expect(await askedAs("case.person@shop.example")).toBe("survey-clock");
  expect(await askedAs("other.person@shop.example")).toBe("asked");
});

test("one person has one clock, in whatever spelling of their address they are signed, mailed and linked", async () => {
  for (const spelling of spellings) await sees(spelling);
  for (const spelling of spellings) expect(await askedAs(spelling), spelling).toBe("survey-clock");
  for (const spelling of spellings) {
    const json = { respondent: spelling };
    const decision = await post("/v1/touchpoints/checkout/decision", json, workspace.read);
    expect(await decision.json(), spelling).toMatchObject({ reason: "survey-clock" });
    const link = await (await post("/v1/links", { touchpoint: "relationship", respondent: spelling })).json();
    const { url } = z.object({ url: z.string() }).parse(link);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    await requestUnlimited(new URL(url).pathname, { method: "POST", headers, body: "rating=5" });
  }
  await mailed("CASE.person@bücher.example", "ticket-closed");
  expect(await people("askings")).toEqual([await signed("case.person@xn--bcher-kva.example")]);
  expect(await people("mails")).toEqual(await people("askings"));
  expect(await people("invitations", "respondent")).toEqual(["case.person@xn--bcher-kva.example"]);
});

test("an id is one person as it is written, whatever it looks like", async () => {
  const ids = ["Customer-7", "customer-7", "a@B", "A@b", "x @shop.example", "@shop.example", "٣"];
  for (const id of ids) {
    expect(await askedAs(id), id).toBe("asked");
    await sees(id);
    expect(await askedAs(id), id).toBe("survey-clock");
  }
  expect(await people("askings")).toHaveLength(ids.length);
});

const composed = "josé-7";
const decomposed = composed.normalize("NFD");

test("an id is one person in whichever normalisation of Unicode it is signed, answered with, linked and searched", async () => {
  await sees(decomposed);
  for (const id of [composed, decomposed]) {
    expect(await askedAs(id)).toBe("survey-clock");
    const decision = await post("/v1/touchpoints/checkout/decision", { respondent: id }, workspace.read);
    expect(await decision.json()).toMatchObject({ reason: "survey-clock" });
  }
  const json = { touchpoint: "relationship", rating: 9, respondent: decomposed };
  const proof = { respondent_hash: await signed(decomposed) };
  for (const [key, fields] of [
    [workspace.write, {}],
    [workspace.publishable, proof],
    [workspace.publishable, {}],
  ] as const)
    await post("/v1/responses", { id: crypto.randomUUID(), ...json, ...fields }, key);
  await post("/v1/links", { touchpoint: "relationship", respondent: decomposed });
  expect(await people("invitations", "respondent")).toEqual([composed]);
  for (const respondent of [composed, decomposed]) {
    expect(await found("responses", respondent)).toHaveLength(3);
    expect(await found("invitations", respondent)).toHaveLength(1);
  }
});

test("what was stored before people had one spelling is found by any", async () => {
  const responses = [composed, decomposed, "Ann@shop.example"].map((respondent) => ({
    id: crypto.randomUUID(),
    touchpoint: "relationship",
    rating: 9,
    respondent,
  }));
  await post("/v1/responses/batch", { responses });
  for (const { respondent } of responses) await post("/v1/links", { touchpoint: "checkout", respondent });
  await env.DB.prepare("UPDATE responses SET respondent = ?1 WHERE id = ?2")
    .bind(decomposed, responses[1]?.id)
    .run();
  await env.DB.prepare("UPDATE responses SET claimed = ?1, respondent = NULL WHERE id = ?2")
    .bind(decomposed, responses[0]?.id)
    .run();
  await env.DB.prepare("UPDATE invitations SET respondent = ?1 WHERE respondent = ?2")
    .bind(decomposed, composed)
    .run();
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
  const older = [responses[0]?.id, responses[1]?.id].sort().reverse();
  for (const respondent of [composed, decomposed]) {
    expect(ids(await found("responses", respondent))).toEqual(older);
    expect(ids(await found("responses", respondent, 1))).toEqual(older.slice(0, 1));
    expect(await found("invitations", respondent)).toHaveLength(2);
  }
});

test("a host's signature of its own spelling is proof, and the response names the one person", async () => {
  for (const spelling of spellings) {
    const respondent_hash = await signed(spelling.trim());
    const json = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, respondent: spelling };
    await post("/v1/responses", { ...json, respondent_hash }, workspace.publishable);
    const row = { ...json, id: crypto.randomUUID() };
    await post("/v1/responses/batch", { responses: [row] });
  }
  expect(await people("responses", "respondent")).toEqual(["case.person@xn--bcher-kva.example"]);
});

test("a mailed person is one recipient of a campaign and one suppression, in whatever spelling", async () => {
  await mailed("someone@shop.example", "relationship");
  const made = await post("/v1/campaigns", { name: "autumn", touchpoint: "ticket-closed" });
  const { id } = z.object({ id: z.string() }).parse(await made.json());
  const recipients = spellings.map((email) => ({ email }));
  const added = await post(`/v1/campaigns/${id}/recipients`, { recipients });
  expect(await added.json()).toMatchObject({ added: 1, duplicates: 3, refused: 0 });
  await post("/v1/suppressions", { emails: spellings });
  expect(await people("suppressions", "address")).toEqual(["case.person@xn--bcher-kva.example"]);
});

test("what was noted under the hash of a spelling before still counts once that spelling is seen", async () => {
  const spelling = "Old.Person@shop.example";
  const { results } = await env.DB.prepare("SELECT ref FROM surveys WHERE id = ?1")
    .bind(workspace.surveys.csat)
    .all<{ ref: number }>();
  await env.DB.prepare("INSERT INTO askings VALUES (?1, ?2, ?3, ?4, 1, 'widget')")
    .bind(workspace.ref, await signed(spelling), Date.now() - 1000, results[0]?.ref ?? 0)
    .run();
  expect(await askedAs(spelling)).toBe("survey-clock");
  await sees(spelling, "relationship");
  expect(await askedAs("old.person@shop.example")).toBe("survey-clock");
});

test("nobody whom a refused link or send names is noted, and whoever has the link in the end is", async () => {
  await mailed("bob@shop.example");
  const link = { id: "order-1", touchpoint: "checkout" };
  const mail = { ...link, id: "order-2" };
  await post("/v1/links", { ...link, respondent: "bob@shop.example" });
  await post("/v1/sends", { ...mail, email: "bob@shop.example" });
  const [ann = "", bob = ""] = ["Ann@shop.example", "Bob@shop.example"];
  expect((await post("/v1/links", { ...link, respondent: ann })).status).toBe(422);
  expect((await post("/v1/sends", { ...mail, email: ann })).status).toBe(422);
  await post("/v1/links", {
    links: [
      { ...link, respondent: ann },
      { touchpoint: "checkout", respondent: 7 },
    ],
  });
  expect(await people("spellings", "hash")).toEqual([]);
  expect((await post("/v1/links", { ...link, respondent: bob })).status).toBe(201);
  expect((await post("/v1/sends", { ...mail, email: bob })).status).toBe(201);
  expect(await people("spellings", "hash")).toEqual([await signed(bob)]);
});
