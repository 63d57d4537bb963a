import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import * as z from "zod";
import { Breakdown } from "../../../shared/contract/breakdowns.ts";
import { Erasure } from "../../../shared/contract/erasures.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { Database } from "../../../worker/db/database.ts";
import { continueErasures } from "../../../worker/erasures/erasure.ts";
import { recordAndClaim } from "../../../worker/mail/db/claims.ts";
import { nextErasure } from "../../../worker/people/db/erasures.ts";
import { countChunk } from "../../../worker/rollup/breakdowns.ts";
import { requestUnlimited } from "../workspace.ts";
import { decisions } from "./decisions.ts";
import {
  address,
  canary,
  erase,
  hashOf,
  placesOf,
  respond,
  send,
  setUp,
  spelt,
  submit,
  tables,
  workspace,
} from "./erasures-fixture.ts";

setUp();

const encoded = encodeURIComponent(spelt);

/** Writes a person into every possible place, through the ordinary ways, also within longer texts. */
async function writeEverywhere() {
  await send("POST", "/v1/breakdowns", { dimension: "property:email" });
  const breakdown = await env.DB.prepare("SELECT ref FROM breakdowns").first<number>("ref");
  await countChunk(workspace.db, breakdown ?? 0, 100);
  await send("POST", "/v1/suppressions", { emails: [spelt] });
  // Proven, with every field of a response; anonymous, with the address in a property; and as a claim.
  const why = { id: "why", kind: "text", texts: { en: { question: "Why?" } } };
  const steps = [why, { id: "comment", kind: "text" }];
  await send("PATCH", `/v1/surveys/${workspace.surveys.nps}`, { steps });
  const answers = { why: canary };
  await respond({ respondent: spelt, comment: canary, answers, properties: { note: canary }, locale: "de" });
  await respond({ properties: { email: ` ${spelt} ` }, comment: canary });
  const claims = {
    id: crypto.randomUUID(),
    touchpoint: "relationship",
    rating: 3,
    respondent: spelt,
    comment: canary,
  };
  await send("POST", "/v1/responses", claims, { key: workspace.publishable });
  // Within longer texts: among properties, as a respondent, and in another's words.
  await respond({ properties: { email: `Ann <${spelt}>`, page: `https://shop.example/?u=${encoded}` } });
  await respond({ respondent: `"Ann" <${spelt}>`, comment: canary });
  await respond({ comment: `Ask ${spelt}.`, answers: { why: `mailto:${encoded}`, rated: 3 } });
  await send(
    "POST",
    "/v1/responses",
    { ...claims, id: crypto.randomUUID(), respondent: `Ann <${encoded}>` },
    { key: workspace.publishable },
  );
  // Links: answered, never answered, and with the address only in a property.
  const link = await send("POST", "/v1/links", {
    touchpoint: "relationship",
    respondent: spelt,
    locale: "de",
  });
  await submit(new URL(link.url).pathname, `rating=3&comment=${canary}`);
  const open = await send("POST", "/v1/links", {
    touchpoint: "checkout",
    respondent: spelt,
    properties: { note: canary },
  });
  await send("POST", "/v1/links", { touchpoint: "checkout", properties: { email: spelt, note: canary } });
  const named = { touchpoint: "checkout", respondent: `Ann <${spelt}>`, properties: { from: `<${spelt}>` } };
  await send("POST", "/v1/links", named);
  await requestUnlimited(`${new URL(open.url).pathname}?rating=3`);
  // Seen on a page whose server signs the id in its own spelling.
  const seen = { touchpoint: "checkout", survey: workspace.surveys.csat, respondent: spelt };
  await send("POST", "/v1/impressions", seen);
  // Mails: sent, waiting under an id of the host's, and bounced with the address in the provider's reason.
  const person = { email: spelt, name: canary, properties: { note: canary }, time_zone: "Asia/Tokyo" };
  const mails = [
    await send("POST", "/v1/sends", { ...person, touchpoint: "relationship" }),
    await send("POST", "/v1/sends", {
      ...person,
      touchpoint: "checkout",
      respondent: "c-4711",
      wait_minutes: 60,
    }),
    await send("POST", "/v1/sends", { ...person, touchpoint: "ticket-closed" }),
  ];
  await env.DB.prepare("UPDATE mails SET state = 'bounced', reason = ?1 WHERE invitation = ?2")
    .bind(`550 no ${address} here`, mails[2].id.slice(4))
    .run();
  await env.DB.prepare("UPDATE mails SET state = 'sent' WHERE invitation = ?1")
    .bind(mails[0].id.slice(4))
    .run();
  // Another's mail, to whom the person forwards theirs.
  const others = { email: "team@shop.example", name: spelt, touchpoint: "relationship" };
  const forwarded = await send("POST", "/v1/sends", others);
  await env.DB.prepare("UPDATE mails SET state = 'bounced', reason = ?1 WHERE invitation = ?2")
    .bind(`550 5.1.1 <${address}>: user unknown (forwarded by team@shop.example)`, forwarded.id.slice(4))
    .run();
  const row = await send(
    "GET",
    `/v1/surveys/${workspace.surveys.nps}/email?touchpoint=relationship&format=text`,
  );
  const [mailing = ""] = /\/s\/[\w-]+/.exec(row) ?? [];
  await requestUnlimited(`${mailing}?rating=3&respondent=${spelt}`);
  return { mails, open };
}

test("every column that can hold a person is decided about", async () => {
  const schema = [...(await tables())].map(([table, columns]) => [
    table,
    columns
      .filter(({ type }) => type !== "INTEGER")
      .map(({ column }) => column)
      .sort(),
  ]);
  const decided = Object.entries(decisions).map(([table, columns]) => [table, Object.keys(columns).sort()]);
  expect(Object.fromEntries(decided)).toEqual(Object.fromEntries(schema));
});

test("whoever asks to be erased is found nowhere any more: no table, no log, no mail that waits", async () => {
  const { mails } = await writeEverywhere();
  const hash = await hashOf(address);
  const wanted = (kind: string) =>
    Object.entries(decisions).flatMap(([table, columns]) =>
      Object.entries(columns).flatMap(([column, decision]) =>
        decision === kind ? [`${table}.${column}`] : [],
      ),
    );
  // The person is in every place that is emptied, so that no column passes because it was never written.
  const before = [
    ...(await placesOf(canary, hash)),
    "erasures.spellings",
    "responses.locale",
    "invitations.locale",
  ];
  expect(new Set([...before, "mails.time_zone", "spellings.hash"])).toEqual(
    new Set([...wanted("empties"), "mails.person", "mails.addressee", "suppressions.address"]),
  );
  const others = [await respond({ respondent: "other@shop.example", comment: "stays" })];
  const score = () => send("GET", "/v1/touchpoints/relationship/score");
  const { received } = await score();
  const lines: unknown[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line) => lines.push(line));
  const report = await erase();
  log.mockRestore();
  expect(report).toMatchObject({
    state: "done",
    removed: {
      responses: 7,
      texts: 1,
      invitations: 7,
      mails: 3,
      spellings: 2,
      suppressions: 1,
      breakdown_values: 2,
    },
  });
  expect(report.removed.askings).toBeGreaterThan(0);
  expect(report.removed.clicks).toBeGreaterThan(1);
  expect(lines.length).toBeGreaterThan(0);
  expect(JSON.stringify(lines).toLowerCase()).not.toContain(canary);
  expect(await placesOf(canary, "Tokyo")).toEqual([]);
  // The keyed hash stays in the suppression, which keeps the promise to send nothing, and in the erasure's report.
  expect(await placesOf(hash)).toEqual(wanted("hashes").sort());
  const waiting = await recordAndClaim(
    workspace.db,
    [],
    { claim: "c", maxMails: 10, turn: null },
    Date.now() + dayMs,
  );
  expect(waiting).toEqual([]);
  expect(await send("GET", `/v1/invitations/${mails[1].id}`)).toMatchObject({
    respondent: null,
    mail: { email: null, reason: "erased" },
  });
  expect((await score()).received).toBe(received);
  expect((await send("GET", `/v1/responses/${others[0].id}`)).comment).toBe("stays");
  const breakdown = Breakdown.parse(await send("GET", "/v1/breakdowns/property:email"));
  expect(breakdown).toMatchObject({ ready: true, values: 0 });
});

test("erasing again, or somebody of whom nothing is known, answers that there was nothing", async () => {
  await writeEverywhere();
  await erase();
  const nothing = {
    responses: 0,
    texts: 0,
    invitations: 0,
    mails: 0,
    askings: 0,
    clicks: 0,
    spellings: 0,
    suppressions: 0,
    breakdown_values: 0,
  };
  for (const who of [spelt, address, "nobody@shop.example", "c-1"]) {
    const report = await erase(who);
    expect(report, who).toMatchObject({ state: "done", removed: nothing });
    expect(Erasure.parse(await send("GET", `/v1/erasures/${report.id}`))).toEqual(report);
  }
});

test("an erasure larger than one invocation goes on by the clock, and is whole in the end though parts are lost", async () => {
  const rows = Array.from({ length: 500 }, () => ({
    id: crypto.randomUUID(),
    touchpoint: "relationship",
    rating: 3,
    respondent: spelt,
    comment: canary,
  }));
  for (let n = 0; n < 2; n++)
    await send("POST", "/v1/responses/batch", {
      responses: rows.map((row) => ({ ...row, id: crypto.randomUUID() })),
    });
  const json = { respondent: spelt };
  const begun = await requestUnlimited("/v1/erasures", { key: workspace.write, json });
  expect(begun.status).toBe(202);
  const { id, state, removed } = Erasure.parse(await begun.json());
  expect(state).toBe("running");
  expect(removed.responses).toBeLessThan(1000);
  // Requested again, it is the same erasure.
  const again = Erasure.parse(await send("POST", "/v1/erasures", json));
  expect(again.id).toBe(id);
  for (let part = 0; (await nextErasure(workspace.db)) && part < 50; part++)
    await continueErasures(env, new Database(env.DB, { statements: 50, throws: true }), Date.now());
  expect(Erasure.parse(await send("GET", `/v1/erasures/${id}`))).toMatchObject({
    state: "done",
    removed: { responses: 1000 },
  });
  expect(await placesOf(canary)).toEqual([]);
  expect(z.array(z.unknown()).parse((await send("POST", "/v1/responses/search", json)).data)).toEqual([]);
});

/** Writes more responses than one request looks through, under ids from 1 on. */
async function fill() {
  const found = await env.DB.prepare(
    "SELECT ref, survey_ref FROM touchpoints WHERE name = 'relationship'",
  ).first<{
    ref: number;
    survey_ref: number;
  }>();
  for (const part of [1, 2, 3, 4])
    await env.DB.prepare(
      `INSERT INTO responses (workspace_ref, id, touchpoint_ref, survey_ref, rating, channel, exclusion, revision, answered_at, received_at)
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
       SELECT ?1, printf('%d0000000-0000-4000-8000-%012d', ?2, i), ?3, ?4, 5, 'api', '', 0, 1764000000000, 1764000000000 FROM n`,
    )
      .bind(workspace.ref, part, found?.ref, found?.survey_ref)
      .run();
}

const ask = async (path = "/v1/erasures", json?: object) => {
  const answer = await requestUnlimited(path, {
    method: "POST",
    key: workspace.write,
    ...(json && { json }),
  });
  return { status: answer.status, ...Erasure.parse(await answer.json()) };
};

test("an erasure that is asked for again while it runs also finds what came behind its place", async () => {
  await fill();
  const json = { respondent: spelt };
  const first = await ask("/v1/erasures", json);
  expect(first).toMatchObject({ status: 202, state: "running" });
  await respond({ id: "00000000-0000-4000-8000-0000000000ff", comment: `Ask ${address}` });
  await respond({ id: "f0000000-0000-4000-8000-0000000000ff", comment: `Ask ${address}` });
  for (let asked = 0; asked < 9; asked++)
    expect(await ask("/v1/erasures", json)).toMatchObject({ id: first.id });
  // However often it is asked for, it comes to its end.
  expect(await send("GET", `/v1/erasures/${first.id}`)).toMatchObject({ removed: { texts: 2 } });
  expect((await placesOf(canary)).filter((place) => place !== "erasures.spellings")).toEqual([]);
  for (let part = 0; (await nextErasure(workspace.db)) && part < 50; part++)
    await continueErasures(env, new Database(env.DB, { statements: 50, throws: true }), Date.now());
  expect(await send("GET", `/v1/erasures/${first.id}`)).toMatchObject({
    state: "done",
    removed: { texts: 2 },
  });
  expect(await placesOf(canary)).toEqual([]);
});

test("an erasure goes on at once where that is asked for, and then is done without the clock", async () => {
  await fill();
  const { id, status } = await ask("/v1/erasures", { respondent: spelt });
  const statuses = [status];
  while (statuses.at(-1) !== 200 && statuses.length < 9)
    statuses.push((await ask(`/v1/erasures/${id}`)).status);
  expect(new Set(statuses)).toEqual(new Set([202, 200]));
  const done = await send("GET", `/v1/erasures/${id}`);
  expect(done.state).toBe("done");
  expect(await ask(`/v1/erasures/${id}`)).toEqual({ status: 200, ...done });
});
