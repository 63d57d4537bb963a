import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Database } from "../../../worker/db/database.ts";
import { continueErasures } from "../../../worker/erasures/erasure.ts";
import { nextErasure } from "../../../worker/people/db/erasures.ts";
import { countChunk } from "../../../worker/rollup/breakdowns.ts";
import { signRespondent } from "../../../worker/secrets/secrets.ts";
import { requestUnlimited } from "../workspace.ts";
import {
  address,
  canary,
  erase,
  placesOf,
  respond,
  send,
  setUp,
  spelt,
  workspace,
} from "./erasures-fixture.ts";

setUp();

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
    "ann@bücher.example": [
      "Ann@BÜCHER.example",
      "ann@xn--bcher-kva.example",
      " ANN@Bücher.Example. ",
      "ann@bücher.example and more",
    ],
    "eva@xn--bcher-kva.example": ["eva@bücher.example", "Eva@BÜCHER.example".normalize("NFD")],
    "BOB@shop.example": ["bob@shop.example.", "Bob@SHOP.example"],
    "\u00c9lise@shop.example": ["élise@shop.example".normalize("NFD"), "ÉLISE@shop.example"],
    '"a\\b"@shop.example': ['"A\\B"@shop.example'],
  };
  const others = ["joann@bücher.example", "ann@bucher.example", "ann@bücher.example.org and more", "ann@"];
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
    Array.from({ length: 20 }, (_, n) => [`p${n}`, `${n} jo${address} ${"x".repeat(450)}`]),
  );
  const strangers = Array.from({ length: 500 }, () => ({
    id: `0${crypto.randomUUID().slice(1)}`,
    touchpoint: "relationship",
    rating: 3,
    properties,
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

test("a mailbox that only contains the address is another person's, and nothing of theirs is erased", async () => {
  const others = ["tom&", "jo/", "_", "-", "!", "*"].map((before) => before + address);
  others.push(`${address}.рф`, `Tom <tom&${address}>`, `mailto:tom&${address}`);
  for (const other of others) {
    await respond({ respondent: other, comment: "stays" });
    await respond({ properties: { contact: other } });
    const claim = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 3, respondent: other };
    await send("POST", "/v1/responses", claim, { key: workspace.publishable });
    await send("POST", "/v1/links", { touchpoint: "checkout", respondent: other });
    await send("POST", "/v1/links", { touchpoint: "checkout", properties: { contact: other } });
  }
  const rows = async () =>
    (
      await env.DB.prepare(
        `SELECT respondent, claimed, properties, comment FROM responses
         UNION ALL SELECT respondent, revoked_at, properties, NULL FROM invitations ORDER BY 1, 2, 3`,
      ).all()
    ).results;
  const before = await rows();
  expect(await erase()).toMatchObject({ removed: { responses: 0, texts: 0, invitations: 0, askings: 0 } });
  expect(await rows()).toEqual(before);
  // In a longer text it may be the person's, and the rating stays anyway.
  await respond({ comment: `a=1&${address}` });
  await respond({ comment: `-${address}` });
  await respond({ properties: { page: `/orders?email=${address}` } });
  expect(await erase()).toMatchObject({ removed: { responses: 1, texts: 2 } });
  for (const other of others) expect(await erase(other), other).toMatchObject({ removed: { texts: 0 } });
  expect(await placesOf(canary)).toEqual([]);
});

test("an address is found behind a sign that files and programs set before it, though mail servers would take it", async () => {
  // As a respondent, what ends in another script has been kept as the other address that it is to a mail server.
  const joined = `${spelt}に`;
  const written = [
    `'${spelt}`,
    `auth0|${spelt}`,
    `samlp|okta|${spelt}`,
    `users/${spelt}`,
    `#${spelt}`,
    `{${spelt}`,
    joined,
    spelt.replace("@", "&commat;"),
  ];
  for (const contact of written) {
    await respond({ properties: { contact } });
    if (contact !== joined) await respond({ respondent: contact });
    await respond({ comment: contact });
    await send("POST", "/v1/links", { touchpoint: "checkout", properties: { contact } });
  }
  const n = written.length;
  expect(await erase()).toMatchObject({ removed: { responses: 2 * n - 1, texts: n, invitations: n } });
  // With what follows it: four letters alone are now and then in a random id.
  expect(await placesOf("5e1c@", "5e1c&")).toEqual([]);
});

test("whoever is named as a mail tool writes an address is found and erased by that address", async () => {
  for (const named of [
    `mailto:${spelt}`,
    `Ann Doe <${spelt}>`,
    `<${spelt}>`,
    encodeURIComponent(spelt),
    `<mailto:${encodeURIComponent(spelt)}>`,
    spelt.replace("@", "＠"),
  ]) {
    await respond({ respondent: address, comment: canary });
    const sent = await send("POST", "/v1/sends", { email: address, touchpoint: "relationship" });
    await send("POST", "/v1/suppressions", { emails: [address] });
    const found = async (path: string, field = "respondent") =>
      (await send("POST", `/v1/${path}/search`, { [field]: named })).data.length;
    const all = async () => [
      await found("responses"),
      await found("invitations"),
      await found("suppressions", "email"),
    ];
    expect(await all(), named).toEqual([1, 1, 1]);
    const removed = { responses: 1, invitations: 1, mails: 1, suppressions: 1 };
    expect(await erase(named), named).toMatchObject({ state: "done", removed });
    expect(await all(), named).toEqual([0, 0, 1]);
    expect(await placesOf(canary)).toEqual([]);
    expect(await send("GET", `/v1/invitations/${sent.id}`)).toMatchObject({ respondent: null });
    const { data } = await send("POST", "/v1/suppressions/search", { email: named });
    await send("DELETE", `/v1/suppressions/${data[0].id}`);
  }
});
