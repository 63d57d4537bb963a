import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { Breakdown } from "../../shared/contract/breakdowns.ts";
import { Erasure } from "../../shared/contract/erasures.ts";
import { Suppressions } from "../../shared/contract/mail.ts";
import { countChunk } from "../../worker/db/breakdowns.ts";
import { recordAndClaim } from "../../worker/db/claims.ts";
import { Database } from "../../worker/db/database.ts";
import { nextErasure } from "../../worker/db/erasures.ts";
import { takeNews } from "../../worker/db/mails.ts";
import { continueErasures } from "../../worker/erasure.ts";
import { invitationCode, unsubscribeCode } from "../../worker/invitation.ts";
import { respondentHash, signRespondent } from "../../worker/secrets.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "./workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await send("PATCH", "/v1/workspace", { mail });
});

const canary = "canary-5e1c";
const address = `${canary}@shop.example`;
const spelt = `Canary-5E1C@Shop.Example`;
const hashOf = (person: string) => respondentHash(env.CANDOR_SECRET, workspace.id, person);

// biome-ignore lint/suspicious/noExplicitAny: a test looks at what it expects, whatever it is
async function send(method: string, path: string, json?: unknown, sent: Sent = {}): Promise<any> {
  const answer = await requestUnlimited(path, {
    method,
    key: workspace.write,
    ...(json !== undefined && { json }),
    ...sent,
  });
  const text = await answer.text();
  expect(answer.status, `${method} ${path} ${text}`).toBeLessThan(400);
  return text.startsWith("{") ? JSON.parse(text) : text;
}
const form = { "content-type": "application/x-www-form-urlencoded" };
const submit = (path: string, body: string) => send("POST", path, undefined, { body, headers: form });
const erase = async (respondent = spelt) => Erasure.parse(await send("POST", "/v1/erasures", { respondent }));
const respond = (fields: object) => {
  const json = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 3, ...fields };
  return send("POST", "/v1/responses", json);
};

/**
 * Every column of the schema that can hold text, and what an erasure does with it: `empties`, `hashes` (only the keyed hash
 * stays), or `none`: no person stands there, but an owner's own words, ids, or names of the code. A new column fails here
 * until somebody has decided.
 */
const decisions: Record<string, Record<string, "empties" | "hashes" | "none">> = {
  workspaces: none("id name time_zone week_start asking theme mail"),
  keys: none("id name kind hash last_four scopes origins"),
  surveys: none("id name kind subject locale texts look steps thanks theme"),
  touchpoints: none("id name public_period show rules"),
  templates: none("id name texts"),
  campaigns: none("id name state"),
  campaign_counts: none("state reason"),
  breakdowns: none("dimension counted_to"),
  breakdown_values: { value: "empties" },
  rating_counts: none("channel exclusion quarters"),
  block_counts: none("channel exclusion"),
  impression_counts: none("channel quarters"),
  count_checks: {},
  former_surveys: {},
  due_jobs: none("name claim"),
  mailer: none("fault answer"),
  responses: {
    ...none("id channel exclusion"),
    ...{ comment: "empties", answers: "empties", locale: "empties", respondent: "empties" },
    ...{ claimed: "empties", properties: "empties" },
  },
  invitations: {
    ...none("id response channel"),
    ...{ respondent: "empties", properties: "empties", locale: "empties" },
  },
  mails: {
    ...none("invitation origin state claim"),
    ...{
      address: "empties",
      name: "empties",
      time_zone: "empties",
      reason: "empties",
      person: "hashes",
      addressee: "hashes",
    },
  },
  askings: { ...none("channel"), person: "empties" },
  spellings: { hash: "empties", person: "empties" },
  clicks: { response: "empties" },
  suppressions: { ...none("reason"), address: "hashes" },
  recipient_files: none("id origin header separator state errors problem"),
  // Gone as soon as it is read, within minutes or hours; an erasure waits for that, and takes nobody from it.
  recipient_parts: none("file text"),
  erasures: { ...none("id step after removed"), person: "hashes", spellings: "empties" },
};
function none(columns: string) {
  return Object.fromEntries(columns.split(" ").map((column) => [column, "none" as const]));
}

const tables = async () => {
  const { results } = await env.DB.prepare(
    `SELECT tables.name AS "table", columns.name AS "column", columns.type FROM sqlite_master AS tables
     JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%'
       AND tables.name NOT LIKE '\\_cf%' ESCAPE '\\' AND tables.name <> 'd1_migrations'`,
  ).all<{ table: string; column: string; type: string }>();
  return Map.groupBy(results, ({ table }) => table);
};

/** Where any of these texts stands, in whatever letters, as "table.column". */
async function placesOf(...texts: string[]): Promise<string[]> {
  const places = new Set<string>();
  for (const table of (await tables()).keys()) {
    const { results } = await env.DB.prepare(`SELECT * FROM "${table}"`).all();
    for (const [column, value] of results.flatMap(Object.entries)) {
      const text = JSON.stringify(value).toLowerCase();
      if (texts.some((one) => text.includes(one.toLowerCase()))) places.add(`${table}.${column}`);
    }
  }
  return [...places].sort();
}

/** Writes a person into every place that there is, by the ways by which people get there. */
async function writeEverywhere() {
  await send("POST", "/v1/breakdowns", { dimension: "property:email" });
  const breakdown = await env.DB.prepare("SELECT ref FROM breakdowns").first<number>("ref");
  await countChunk(workspace.db, breakdown ?? 0, 100);
  await send("POST", "/v1/suppressions", { emails: [spelt] });
  // Proven, with all that an answer can hold; anonymous, with the address among the properties; a claim.
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
  // Links: answered, never answered, and with the address among the properties alone.
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
  await requestUnlimited(`${new URL(open.url).pathname}?rating=3`);
  // Seen on a page whose server signs the id in its own spelling.
  const seen = { touchpoint: "checkout", survey: workspace.surveys.csat, respondent: spelt };
  await send("POST", "/v1/impressions", seen);
  // Mails: sent, waiting under an id of the host's, and one whose provider answered with the address.
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
  // The person stands in every place that is emptied, so that nothing is passed because it was never written.
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
    removed: { responses: 4, invitations: 6, mails: 3, spellings: 2, suppressions: 1, breakdown_values: 1 },
  });
  expect(report.removed.askings).toBeGreaterThan(0);
  expect(report.removed.clicks).toBeGreaterThan(1);
  expect(lines.length).toBeGreaterThan(0);
  expect(JSON.stringify(lines).toLowerCase()).not.toContain(canary);
  expect(await placesOf(canary, "Tokyo")).toEqual([]);
  // The keyed hash stays where it keeps the promise that nothing is sent any more, and in the report of the erasure.
  expect(await placesOf(hash)).toEqual(wanted("hashes").sort());
  const waiting = await recordAndClaim(
    workspace.db,
    [],
    { claim: "c", most: 10, turn: null },
    Date.now() + 86_400_000,
  );
  expect(waiting).toEqual([]);
  expect(await send("GET", `/v1/invitations/${mails[1].id}`)).toMatchObject({
    ...{ respondent: null, mail: { email: null, reason: "erased" } },
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
    ...{ responses: 0, invitations: 0, mails: 0, askings: 0, clicks: 0, spellings: 0, suppressions: 0 },
    breakdown_values: 0,
  };
  for (const who of [spelt, address, "nobody@shop.example", "c-1"]) {
    const report = await erase(who);
    expect(report, who).toMatchObject({ state: "done", removed: nothing });
    expect(Erasure.parse(await send("GET", `/v1/erasures/${report.id}`))).toEqual(report);
  }
});

test("an id is erased with the mails that it was given for, and no property that happens to be alike", async () => {
  const sent = await send("POST", "/v1/sends", {
    email: address,
    respondent: "pro",
    touchpoint: "relationship",
  });
  const other = await respond({ properties: { plan: "pro" }, respondent: "PRO" });
  await erase("pro");
  expect(await send("GET", `/v1/invitations/${sent.id}`)).toMatchObject({
    respondent: null,
    mail: { email: null },
  });
  expect(await send("GET", `/v1/responses/${other.id}`)).toMatchObject({
    respondent: "PRO",
    properties: { plan: "pro" },
  });
  expect(await placesOf(canary)).toEqual([]);
});

test("an id is erased by either normalisation of Unicode, also where it was stored before there was one", async () => {
  const composed = "josé-7";
  const decomposed = composed.normalize("NFD");
  for (const [given, stored, by] of [
    [decomposed, composed, composed],
    [composed, composed, decomposed],
    [composed, decomposed, composed],
    [composed, decomposed, decomposed],
  ] as const) {
    const { id } = await respond({ respondent: given, comment: canary });
    const link = await send("POST", "/v1/links", { touchpoint: "checkout", respondent: given });
    await send("POST", "/v1/impressions", {
      touchpoint: "checkout",
      survey: workspace.surveys.csat,
      respondent: given,
    });
    if (stored !== composed) {
      for (const table of ["responses", "invitations"])
        await env.DB.prepare(`UPDATE ${table} SET respondent = ?1 WHERE respondent = ?2`)
          .bind(stored, composed)
          .run();
      await env.DB.prepare("UPDATE askings SET person = ?1")
        .bind(await signRespondent(env.CANDOR_SECRET, workspace.id, stored))
        .run();
    }
    expect(await erase(by)).toMatchObject({ removed: { responses: 1, invitations: 1, askings: 1 } });
    expect(await placesOf(canary, composed, decomposed)).toEqual([]);
    expect((await requestUnlimited(new URL(link.url).pathname)).status).toBe(410);
    expect((await requestUnlimited(`/v1/responses/${id}`, { key: workspace.read })).status).toBe(404);
  }
});

test("an address among properties and values of breakdowns is erased in whatever spelling it stands there", async () => {
  await send("POST", "/v1/breakdowns", { dimension: "property:contact" });
  const breakdown = await env.DB.prepare("SELECT ref FROM breakdowns").first<number>("ref");
  await countChunk(workspace.db, breakdown ?? 0, 100);
  const people = {
    "ann@bücher.example": ["Ann@BÜCHER.example", "ann@xn--bcher-kva.example", " ANN@Bücher.Example. "],
    "eva@xn--bcher-kva.example": ["eva@bücher.example", "Eva@BÜCHER.example".normalize("NFD")],
    "BOB@shop.example": ["bob@shop.example.", "Bob@SHOP.example"],
    "\u00c9lise@shop.example": ["élise@shop.example".normalize("NFD"), "ÉLISE@shop.example"],
    '"a\\b"@shop.example': ['"A\\B"@shop.example'],
  };
  const others = ["joann@bücher.example", "ann@bucher.example", "ann@bücher.example and more", "ann@"];
  const rows = [...Object.values(people).flat(), ...others];
  for (const contact of rows) {
    await respond({ properties: { contact, note: canary } });
    await send("POST", "/v1/links", { touchpoint: "checkout", properties: { contact, note: canary } });
  }
  for (const [person, spellings] of Object.entries(people)) {
    const n = spellings.length;
    const removed = { responses: n, invitations: n, breakdown_values: n };
    expect(await erase(person), person).toMatchObject({ state: "done", removed });
  }
  const left = async (sql: string) =>
    (await env.DB.prepare(sql).all<{ one: string }>()).results.map(({ one }) => one).sort();
  for (const table of ["responses", "invitations"])
    expect(
      await left(`SELECT properties ->> 'contact' AS one FROM ${table} WHERE properties IS NOT NULL`),
    ).toEqual(others.toSorted());
  expect(await left("SELECT value AS one FROM breakdown_values WHERE value LIKE '%@%'")).toEqual(
    others.toSorted(),
  );
});

test("an address stored as a respondent before its domain had one spelling is erased by the other", async () => {
  await respond({ respondent: "eva@bücher.example", comment: canary });
  await env.DB.exec("UPDATE responses SET respondent = 'eva@bücher.example'");
  expect(await erase("eva@xn--bcher-kva.example")).toMatchObject({ removed: { responses: 1 } });
});

test("many rows that only look like somebody's keep nobody from being erased", async () => {
  const properties = Object.fromEntries(
    Array.from({ length: 20 }, (_, n) => [`p${n}`, `${n} ${address} ${"x".repeat(450)}`]),
  );
  const strangers = Array.from({ length: 500 }, () => ({
    ...{ id: `0${crypto.randomUUID().slice(1)}`, touchpoint: "relationship", rating: 3, properties },
  }));
  for (let n = 0; n < strangers.length; n += 50)
    await send("POST", "/v1/responses/batch", { responses: strangers.slice(n, n + 50) });
  const last = `f${crypto.randomUUID().slice(1)}`;
  await respond({ id: last, properties: { email: spelt } });
  const { id } = await erase();
  for (let part = 0; (await nextErasure(workspace.db)) && part < 50; part++)
    await continueErasures(env, new Database(env.DB, { statements: 50, throws: true }), Date.now());
  expect(await send("GET", `/v1/erasures/${id}`)).toMatchObject({ state: "done", removed: { responses: 1 } });
  expect((await requestUnlimited(`/v1/responses/${last}`, { key: workspace.read })).status).toBe(404);
});

test("a suppression of somebody who was erased still works, is listed, found by the address and taken back", async () => {
  await send("POST", "/v1/suppressions", { emails: [spelt] });
  await erase();
  const search = async () =>
    Suppressions.parse(await send("POST", "/v1/suppressions/search", { email: spelt })).data;
  const [found] = await search();
  expect(found).toMatchObject({ email: null, hash: await hashOf(address), reason: "manual" });
  expect((await send("GET", "/v1/suppressions")).data).toEqual([found]);
  // Whoever writes to the address again, under whatever id, is held back.
  const mail = () => send("POST", "/v1/sends", { email: spelt, respondent: "c-1", touchpoint: "checkout" });
  await mail();
  const claimed = await recordAndClaim(workspace.db, [], { claim: "c", most: 1, turn: null }, Date.now());
  expect(claimed).toMatchObject([{ suppressed: 1 }]);
  const [known] = await search();
  expect(known).toMatchObject({ email: address, hash: null });
  await send("DELETE", `/v1/suppressions/${known?.id}`);
  expect(await search()).toEqual([]);
});

test("whoever was erased and unsubscribes by an old mail gets nothing more, under the address itself", async () => {
  const sent = await send("POST", "/v1/sends", {
    email: spelt,
    respondent: "c-1",
    touchpoint: "relationship",
  });
  const id = sent.id.slice(4);
  await env.DB.exec("UPDATE mails SET state = 'sent'");
  await erase();
  const gone = await requestUnlimited(`/r/${await invitationCode(env.CANDOR_SECRET, id)}`);
  expect(gone.status).toBe(410);
  await submit(`/u/${await unsubscribeCode(env.CANDOR_SECRET, id)}`, "");
  const { data } = Suppressions.parse(await send("POST", "/v1/suppressions/search", { email: address }));
  expect(data).toMatchObject([{ email: null, hash: await hashOf(address), reason: "unsubscribed" }]);
});

test("an unsubscription, bounce or complaint is of the address, also of a mail for an id whose response was erased before", async () => {
  const sends = [];
  for (const [n, suppress] of (["unsubscribed", "bounced", "complained"] as const).entries()) {
    const email = `${n}@shop.example`;
    const fields = { touchpoint: "relationship", time_zone: "Asia/Tokyo" };
    const { id, response } = await send("POST", "/v1/sends", {
      email,
      respondent: `customer-${n}`,
      ...fields,
    });
    sends.push({ email, suppress, response, invitation: id.slice(4) });
  }
  await env.DB.exec("UPDATE mails SET state = 'sent'");
  for (const { email, suppress, response, invitation } of sends) {
    await submit(`/r/${await invitationCode(env.CANDOR_SECRET, invitation)}`, "rating=3");
    await send("DELETE", `/v1/responses/${response}`);
    if (suppress === "unsubscribed")
      await submit(`/u/${await unsubscribeCode(env.CANDOR_SECRET, invitation)}`, "");
    else {
      const news = { invitation, reminder: 0, state: "bounced" as const, reason: null };
      expect(await takeNews(workspace.db, { ...news, suppress }, Date.now())).toBe(true);
    }
    const { data } = Suppressions.parse(await send("POST", "/v1/suppressions/search", { email }));
    expect(data).toMatchObject([{ email: null, hash: await hashOf(email), reason: suppress }]);
    await send("POST", "/v1/sends", { email, touchpoint: "checkout" });
  }
  const claimed = await recordAndClaim(workspace.db, [], { claim: "c", most: 9, turn: null }, Date.now());
  expect(claimed.map(({ suppressed }) => suppressed)).toEqual([1, 1, 1]);
  expect(await placesOf("customer-", "Tokyo")).toEqual([]);
});

test("a mail for an id that waits is held back by the unsubscription in a mail that was forgotten", async () => {
  const mail = (touchpoint: string) =>
    send("POST", "/v1/sends", { email: spelt, respondent: "customer-7", touchpoint });
  const { id, response } = await mail("relationship");
  await env.DB.exec("UPDATE mails SET state = 'sent'");
  const invitation = id.slice(4);
  await submit(`/r/${await invitationCode(env.CANDOR_SECRET, invitation)}`, "rating=3");
  await send("DELETE", `/v1/responses/${response}`);
  await mail("checkout");
  await submit(`/u/${await unsubscribeCode(env.CANDOR_SECRET, invitation)}`, "");
  const claimed = await recordAndClaim(workspace.db, [], { claim: "c", most: 1, turn: null }, Date.now());
  expect(claimed).toMatchObject([{ suppressed: 1 }]);
});

test("a mail that is being sent while its person is erased leaves nothing of them behind, and is not sent again", async () => {
  for (const touchpoint of ["relationship", "checkout", "ticket-closed"])
    await send("POST", "/v1/sends", { email: spelt.replace("Canary", `Canary-${touchpoint}`), touchpoint });
  const now = Date.now();
  const mails = await recordAndClaim(workspace.db, [], { claim: "c", most: 3, turn: null }, now);
  expect(mails).toHaveLength(3);
  for (const mail of mails) await erase(mail.address);
  const tried = { tried: true, dueAt: null, sentAt: null, remindAt: null, suppress: false };
  const reason = `550 ${address} is not here`;
  const [sent, refused, later] = mails.map((mail) => ({ ...tried, mail, reason }));
  if (!sent || !refused || !later) throw new Error("three were claimed");
  const results = [
    { ...sent, state: "sent" as const, sentAt: now, remindAt: now + 1 },
    { ...refused, state: "bounced" as const, suppress: true },
    { ...later, state: "waiting" as const, dueAt: now + 1 },
  ];
  const next = { claim: "d", most: 9, turn: null };
  const claimed = await recordAndClaim(workspace.db, results, next, now + 86_400_000);
  expect(claimed).toEqual([]);
  expect(await placesOf("5e1c@")).toEqual([]);
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM askings").first("n")).toBe(0);
  const states = (await env.DB.prepare("SELECT state FROM mails ORDER BY state").all()).results;
  expect(states).toEqual([{ state: "bounced" }, { state: "sent" }, { state: "skipped" }]);
  const { data } = Suppressions.parse(await send("GET", "/v1/suppressions"));
  expect(data).toMatchObject([{ email: null, hash: await hashOf(refused.mail.address), reason: "bounced" }]);
});

test("an erasure larger than one invocation goes on by the clock, and is whole in the end though parts are lost", async () => {
  const rows = Array.from({ length: 500 }, () => ({
    ...{ id: crypto.randomUUID(), touchpoint: "relationship", rating: 3, respondent: spelt, comment: canary },
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
  // Asked for again, it is the same one.
  const again = Erasure.parse(await send("POST", "/v1/erasures", json));
  expect(again.id).toBe(id);
  for (let part = 0; (await nextErasure(workspace.db)) && part < 50; part++)
    await continueErasures(env, new Database(env.DB, { statements: 50, throws: true }), Date.now());
  expect(Erasure.parse(await send("GET", `/v1/erasures/${id}`))).toMatchObject({
    ...{ state: "done", removed: { responses: 1000 } },
  });
  expect(await placesOf(canary)).toEqual([]);
  expect(z.array(z.unknown()).parse((await send("POST", "/v1/responses/search", json)).data)).toEqual([]);
});
