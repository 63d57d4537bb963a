import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import jsQR from "jsqr";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { Invitation, Link, Links, Unconfirmed } from "../../shared/contract/links.ts";
import { Response as StoredResponse } from "../../shared/contract/responses.ts";
import { TEXTS } from "../../shared/languages.ts";
import { forgetClicks } from "../../worker/db/clicks.ts";
import { app } from "../../worker/local.ts";
import { expectProblem, type Refusal } from "./problems.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace, toRequest } from "./workspace.ts";

const dayMs = 86_400_000;
let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const post = (json: unknown, key = workspace.write) => requestUnlimited("/v1/links", { key, json });
const newLink = async (more: object = {}) =>
  Link.parse(await (await post({ touchpoint: "relationship", ...more })).json());
const pathOf = (url: string) => url.replace("http://candor.test", "");

async function get<Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.output<Shape>> {
  const answer = await requestUnlimited(path, { key: workspace.read });
  expect(answer.status).toBe(200);
  return shape.parse(await answer.json());
}
const list = (query = "") =>
  get(
    `/v1/invitations?${query}`,
    z.object({ data: z.array(Invitation), next_cursor: z.string().nullable() }),
  );
const responseOf = ({ response }: { response: string }) => get(`/v1/responses/${response}`, StoredResponse);
const scoreOf = (touchpoint = "relationship") =>
  get(`/v1/touchpoints/${touchpoint}/score`, z.object({ n: z.int() }));
const unconfirmed = () => get("/v1/touchpoints/relationship/unconfirmed", Unconfirmed);

function submit(path: string, fields: Record<string, string> | [string, string][]): Promise<Response> {
  return requestUnlimited(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
}
/** Sends a form, and answers the page to which it leads. */
async function submitted(path: string, fields: Record<string, string> | [string, string][]) {
  const answer = await submit(path, fields);
  expect(answer.status).toBe(303);
  const at = answer.headers.get("location") ?? "";
  return { at, html: await (await requestUnlimited(at)).text() };
}
const heading = (html: string) => /<h1>(?:<label[^>]*>)?([^<]*)/.exec(html)?.[1];

test("a link says nothing of whom or what it is about, and fits into an SMS", async () => {
  const link = await newLink({
    respondent: "kim@example.com",
    properties: { ticket: "T-4711", agent: "Robin" },
    locale: "de",
  });
  expect(pathOf(link.url)).toMatch(/^\/r\/[\w-]{24}$/);
  const page = await (await requestUnlimited(`${pathOf(link.url)}?rating=3`)).text();
  const { at } = await submitted(pathOf(link.url), { rating: "3" });
  for (const text of [link.url, page, at, ...link.rating_urls.map(({ url }) => url)]) {
    for (const secret of ["kim@", "example.com", "T-4711", "Robin"]) expect(text).not.toContain(secret);
    // Nor as base64, at any of the three places where it can begin.
    for (const before of ["", " ", "  "])
      expect(text).not.toContain(btoa(`${before}kim@example.com`).slice(4, -4));
  }
  expect(await responseOf(link)).toMatchObject({
    ...{
      rating: 3,
      respondent: "kim@example.com",
      properties: { ticket: "T-4711", agent: "Robin" },
      locale: "de",
    },
  });
});

test("a thousand links are made in one call, each wrong one is refused by itself, and none twice", async () => {
  const links = Array.from({ length: 1000 }, (_, n) => ({
    ...{ touchpoint: "relationship", id: `ticket-${n}`, respondent: `customer-${n}`, properties: { n } },
    ...(n === 7 && { touchpoint: "nowhere" }),
    ...(n === 8 && { expires_on: "2020-01-01" }),
    ...(n === 9 && { adress: "kim@example.com" }),
  }));
  const answer = await post({ links });
  expect(answer.status).toBe(200);
  const { results } = Links.parse(await answer.json());
  const made = results.filter((one) => one.status === "made");
  expect([results.length, made.length, new Set(made.map(({ url }) => url)).size]).toEqual([1000, 997, 997]);
  expect(results.slice(7, 10)).toMatchObject([
    { status: "refused", problem: { errors: [{ pointer: "/touchpoint" }] } },
    { status: "refused", problem: { errors: [{ pointer: "/expires_on" }] } },
    { status: "refused", problem: { errors: [{ pointer: "/adress" }] } },
  ]);
  const again = Links.parse(await (await post({ links })).json());
  expect(again.results).toEqual(results.map((one) => (one.status === "made" ? one : expect.anything())));
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM invitations").first()).toEqual({ n: 997 });
  const last = made.at(-1);
  await submit(pathOf(last?.url ?? ""), { rating: "9" });
  expect(await responseOf({ response: last?.response ?? "" })).toMatchObject({
    ...{ respondent: "customer-999", properties: { n: 999 } },
  });
});

test("the same name is the same link, in its workspace alone, and never one to another survey", async () => {
  const [one, two] = [await newLink({ id: "ticket-1" }), await newLink({ id: "ticket-1" })];
  expect(two).toEqual(one);
  await expectProblem(await post({ touchpoint: "checkout", id: "ticket-1" }), "invalid-input", ["/id"]);
  const stranger = await newWorkspace();
  const foreign = Link.parse(
    await (await post({ touchpoint: "relationship", id: "ticket-1" }, stranger.write)).json(),
  );
  expect(foreign.url).not.toBe(one.url);
  expect(foreign.response).not.toBe(one.response);
});

/** The id that a name had before ids were keyed: whoever has the name can make it. */
async function unkeyedId(name: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${workspace.id}\0${name}`));
  return new Uint8Array(hash, 0, 9).toBase64({ alphabet: "base64url", omitPadding: true });
}

test("a name tells the id of its invitation only to the deployment, also after its secret was changed, in either normalisation", async () => {
  const one = await newLink({ id: "josé-1" });
  expect(one.id).not.toBe(`inv_${await unkeyedId("josé-1")}`);
  expect(await newLink({ id: "josé-1".normalize("NFD") })).toEqual(one);
  const json = { touchpoint: "relationship", id: "josé-1" };
  const rotated = {
    CANDOR_SECRET: "a newer secret of 32 characters 99",
    CANDOR_OLD_SECRETS: env.CANDOR_SECRET,
  };
  const later = await requestUnlimited("/v1/links", { key: workspace.write, json }, env.DB, rotated);
  expect(Link.parse(await later.json()).id).toBe(one.id);
});

test("what was named before ids were keyed keeps its id, and is made no second time", async () => {
  const name = "José-2".normalize("NFD");
  const { response } = await newLink({ id: name });
  const id = await unkeyedId(name);
  await env.DB.prepare("UPDATE invitations SET id = ?1").bind(id).run();
  expect(await newLink({ id: name })).toMatchObject({ id: `inv_${id}`, response });
  const write = async (path: string, json: object, method = "POST") =>
    (await requestUnlimited(path, { key: workspace.write, method, json })).json<Record<string, unknown>>();
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await write("/v1/workspace", { mail }, "PATCH");
  const campaign = await write("/v1/campaigns", { name: "autumn", touchpoint: "relationship" });
  const add = (...emails: string[]) =>
    write(`/v1/campaigns/${campaign.id}/recipients`, { recipients: emails.map((email) => ({ email })) });
  await add("ann@shop.example");
  const unkeyed = await Promise.all(
    ["ann", "bob"].map((local) => unkeyedId(`${campaign.id} ${local}@shop.example`)),
  );
  const idsOf = async () => (await env.DB.prepare("SELECT invitation FROM mails").raw<[string]>()).flat();
  expect(await idsOf()).not.toEqual(unkeyed.slice(0, 1));
  const [keyed] = await idsOf();
  await env.DB.prepare("UPDATE invitations SET id = ?1 WHERE id = ?2").bind(unkeyed[0], keyed).run();
  await env.DB.prepare("UPDATE mails SET invitation = ?1").bind(unkeyed[0]).run();
  expect(await add("Ann@Shop.example", "bob@shop.example")).toMatchObject({ added: 1, duplicates: 1 });
  const ids = await idsOf();
  expect([ids.length, ...unkeyed.map((one) => ids.includes(one))]).toEqual([2, true, false]);
});

const refusals: Refusal[] = [
  ["an empty list", { links: [] }, ["/links"]],
  ["a list too long", { links: Array.from({ length: 1001 }, () => ({ touchpoint: "a" })) }, ["/links"]],
  ["a list and a link", { links: [{ touchpoint: "a" }], touchpoint: "a" }, ["/touchpoint"]],
  ["nothing", {}, ["/touchpoint"]],
  ["no day", { touchpoint: "relationship", expires_on: "2026-02-30" }, ["/expires_on"]],
  ["a day that is over", { touchpoint: "relationship", expires_on: "2020-01-01" }, ["/expires_on"]],
  [
    "a time that is over",
    { touchpoint: "relationship", expires_at: "2020-01-01T00:00:00Z" },
    ["/expires_at"],
  ],
  [
    "two ends",
    { touchpoint: "relationship", expires_on: "2026-12-01", expires_at: "2026-12-01T00:00:00Z" },
    ["/expires_on"],
  ],
  ["no zone", { touchpoint: "relationship", time_zone: "Mars/Olympus" }, ["/time_zone"]],
  ["another confirmation", { touchpoint: "relationship", confirm: "never" }, ["/confirm"]],
  ["no boolean", { touchpoint: "relationship", changeable: "no" }, ["/changeable"]],
  ["another field", { touchpoint: "relationship", adress: "kim@example.com" }, ["/adress"]],
];
test.each(refusals)("%s is refused by name", async (what, sent, pointers) => {
  await expectProblem(await post(sent), "invalid-input", pointers, what);
});

test("a link ends with its last local day, in the zone that is named or the workspace's", async () => {
  const on = new Date(Date.now() + 30 * dayMs).toISOString().slice(0, 10);
  const next = new Date(Date.parse(on) + dayMs).getTime();
  const endIn = async (zone?: string) => {
    const { expires_at: at } = await newLink({ expires_on: on, ...(zone && { time_zone: zone }) });
    return (Date.parse(at) - next) / 3_600_000;
  };
  expect(await endIn("Pacific/Kiritimati")).toBe(-14);
  expect(await endIn("Pacific/Pago_Pago")).toBe(11);
  expect(await endIn()).toBe(0);
  await requestUnlimited("/v1/workspace", {
    method: "PATCH",
    key: workspace.write,
    json: { time_zone: "Asia/Kathmandu" },
  });
  expect(await endIn()).toBe(-5.75);
});

test("of a link that takes one answer the first rating stands, whoever sends what at once or later", async () => {
  const link = await newLink({ changeable: false });
  const path = pathOf(link.url);
  const both = await Promise.all(["2", "9"].map((rating) => submit(path, { rating })));
  expect(both.map(({ status }) => status)).toEqual([303, 303]);
  const { rating } = await responseOf(link);
  await scheduler.wait(2);
  for (const other of ["0", "10", "5"]) await submit(path, { rating: other, comment: `${other}?` });
  await submit(path, { rating: "7", opened: String(Date.now()) });
  expect(await responseOf(link)).toMatchObject({ rating });
  const page = await (await requestUnlimited(`${path}?rating=1`)).text();
  expect(page).toContain(TEXTS.en.thanks);
  expect(page).not.toContain("<form");
  expect(page).not.toContain(TEXTS.en.change);
});

test("of a link that takes one answer no comment is overwritten, and none comes to another's rating", async () => {
  const answers: Record<string, string>[][] = [
    [
      { rating: "5", comment: "first" },
      { rating: "1", comment: "second" },
    ],
    [
      { rating: "5", comment: "first" },
      { rating: "5", comment: "second" },
    ],
    [
      { rating: "5", opened: "1" },
      { rating: "1", comment: "of 1" },
      { rating: "5", comment: "first" },
    ],
    [{ rating: "5" }, { rating: "5", comment: "first" }, { rating: "5", comment: "" }],
  ];
  for (const sent of answers) {
    const link = await newLink({ changeable: false });
    for (const fields of sent) await submit(pathOf(link.url), fields);
    expect(await responseOf(link), JSON.stringify(sent)).toMatchObject({ rating: 5, comment: "first" });
  }
});

test("of answers at once to a link that takes one, the one that stands is whole", async () => {
  for (const withComment of [true, false]) {
    const link = await newLink({ changeable: false });
    const sends = [1, 2, 3, 4, 5].map((rating) =>
      submit(pathOf(link.url), {
        rating: String(rating),
        ...((withComment || rating > 2) && { comment: `of ${rating}` }),
      }),
    );
    const landed = (await Promise.all(sends)).map(({ headers }) => headers.get("location"));
    const { rating, comment } = await responseOf(link);
    expect(comment).toBe(withComment || rating > 2 ? `of ${rating}` : null);
    // All of them are thanked for the rating that stands.
    expect(landed).not.toContain(null);
  }
});

test("the states of invitations are listed, newest first, in pages, by state, place and respondent", async () => {
  const [open, answered, revoked, expired, other] = [
    await newLink({ respondent: "a" }),
    await newLink({ respondent: "b" }),
    await newLink({ respondent: "c" }),
    await newLink({ respondent: "d" }),
    await newLink({ respondent: "a", touchpoint: "checkout" }),
  ];
  await submit(pathOf(answered.url), { rating: "9" });
  await requestUnlimited(`/v1/invitations/${revoked.id}`, { method: "DELETE", key: workspace.write });
  await env.DB.prepare("UPDATE invitations SET expires_at = 1 WHERE id = ?1").bind(expired.id.slice(4)).run();
  const { data } = await list();
  const states = Object.fromEntries(data.map(({ id, state }) => [id, state]));
  expect(states).toEqual({
    ...{ [open.id]: "created", [answered.id]: "answered", [revoked.id]: "revoked", [expired.id]: "expired" },
    [other.id]: "created",
  });
  const times = data.map(({ created_at: at }) => at);
  expect(times).toEqual([...times].sort().reverse());
  expect(data.find(({ id }) => id === answered.id)).toMatchObject({
    respondent: "b",
    answered_at: expect.any(String),
  });
  const ids = async (query: string) => (await list(query)).data.map(({ id }) => id);
  expect(await ids("state=revoked")).toEqual([revoked.id]);
  const search = async (json: object) => {
    const answer = await requestUnlimited("/v1/invitations/search", { key: workspace.read, json });
    return z
      .object({ data: z.array(Invitation) })
      .parse(await answer.json())
      .data.map(({ id }) => id);
  };
  expect(await search({ respondent: "a", touchpoint: "checkout" })).toEqual([other.id]);
  expect((await search({ respondent: "a" })).sort()).toEqual([open.id, other.id].sort());
  expect((await search({ respondent: "a", limit: 1 })).length).toBe(1);
  const named = await requestUnlimited("/v1/invitations?respondent=a", { key: workspace.read });
  await expectProblem(named, "invalid-input", ["?respondent"]);
  const pages: string[] = [];
  for (let cursor = ""; ; ) {
    const page = await list(`limit=2${cursor}`);
    pages.push(...page.data.map(({ id }) => id));
    if (!page.next_cursor) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  expect(pages).toEqual(data.map(({ id }) => id));
  const refused = await requestUnlimited("/v1/invitations?cursor=1.x", { key: workspace.read });
  await expectProblem(refused, "invalid-input", ["?cursor"]);
});

test("a revoked link takes nothing and shows nothing; what it took before stays", async () => {
  const link = await newLink({ locale: "fr" });
  await submit(pathOf(link.url), { rating: "4" });
  const revoke = () =>
    requestUnlimited(`/v1/invitations/${link.id}`, { method: "DELETE", key: workspace.write });
  const first = Invitation.parse(await (await revoke()).json());
  expect(Invitation.parse(await (await revoke()).json())).toEqual(first);
  expect((await submit(pathOf(link.url), { rating: "9" })).status).toBe(410);
  const page = await requestUnlimited(`${pathOf(link.url)}?rating=9`);
  expect(page.status).toBe(410);
  expect(await page.text()).toContain("Ce lien d&#39;enquête a expiré.");
  expect(await responseOf(link)).toMatchObject({ rating: 4 });
  expect(await scoreOf()).toEqual({ n: 1 });
});

test("a new secret leaves what was sent with the old ones working, and a removed one ends it", async () => {
  const link = await newLink();
  const mailing = await requestUnlimited(
    `/v1/surveys/${workspace.surveys.nps}/email?touchpoint=relationship&format=text`,
    { key: workspace.read },
  );
  const mailed = /http\S+rating=9\S*/.exec(await mailing.text())?.[0].replace("{{email}}", "kim@example.com");
  const withSecrets = async (path: string, secrets: object, body?: string) => {
    const context = createExecutionContext();
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const sent = toRequest(path, body === undefined ? {} : { body, headers: form });
    const answer = await app.fetch(
      sent,
      { DB: env.DB, ASSETS: env.ASSETS, ...secrets } as typeof env,
      context,
    );
    await waitOnExecutionContext(context);
    return answer;
  };
  const old = { CANDOR_SECRET: env.CANDOR_SECRET };
  const rotated = {
    CANDOR_SECRET: "a newer secret of 32 characters 99",
    CANDOR_OLD_SECRETS: ` x, ${env.CANDOR_SECRET}`,
  };
  const forgotten = { CANDOR_SECRET: rotated.CANDOR_SECRET };
  const actionOf = async (secrets: object) =>
    /action="([^"]+)"/.exec(await (await withSecrets(pathOf(mailed ?? ""), secrets)).text())?.[1] ?? "";
  const [before, after] = [await actionOf(old), await actionOf(rotated)];
  for (const [path, secrets, status] of [
    [pathOf(link.url), old, 303],
    [pathOf(link.url), rotated, 303],
    [pathOf(link.url), forgotten, 404],
    [before, old, 303],
    [before, rotated, 303],
    [after, rotated, 303],
    [after, forgotten, 303],
    [before, forgotten, 404],
  ] as const)
    expect((await withSecrets(path, secrets, "rating=9")).status, `${path} ${JSON.stringify(secrets)}`).toBe(
      status,
    );
  // A browser that answered a page of the old secret changes that answer on one of the new, while both are known.
  expect(await scoreOf()).toEqual({ n: 3 });
  const again = `rating=8&again=${before.split("/s/")[1]}`;
  const second = await actionOf(rotated);
  const changed = await withSecrets(second, rotated, again);
  expect([changed.status, await scoreOf()]).toEqual([303, { n: 3 }]);
  await withSecrets(second, forgotten, again);
  expect(await scoreOf()).toEqual({ n: 4 });
  expect((await withSecrets(pathOf(mailed ?? ""), forgotten)).status).toBe(404);
});

test("a gesture counts the clicked rating, and never undoes what was sent after its page was made", async () => {
  const link = await newLink();
  const path = pathOf(link.url);
  const page = await (await requestUnlimited(`${path}?rating=9`)).text();
  expect(page).toContain('<script type="module" src="/assets/confirm.js">');
  const opened = /data-opened="(\d+)"/.exec(page)?.[1] ?? "";
  expect((await submit(path, { rating: "9", opened })).status).toBe(204);
  expect(await responseOf(link)).toMatchObject({ rating: 9 });
  await scheduler.wait(2);
  await submit(path, { rating: "6", comment: "Changed my mind" });
  // It was on its way for longer than the form.
  await submit(path, { rating: "9", opened });
  expect(await responseOf(link)).toMatchObject({ rating: 6, comment: "Changed my mind" });
  for (const wrong of ["", "soon", "-1", "1e99", "9".repeat(30)]) {
    expect((await submit(path, { rating: "0", opened: wrong })).status).toBe(204);
    expect(await responseOf(link), wrong).toMatchObject({ rating: 6 });
  }
  await scheduler.wait(2);
  // Another click in the mail, on another day.
  await submit(path, { rating: "2", opened: String(Date.now() + 1e9) });
  expect(await responseOf(link)).toMatchObject({ rating: 2 });
  await scheduler.wait(2);
  await submit(path, { rating: "3" });
  expect(await responseOf(link)).toMatchObject({ rating: 3 });
  expect(await scoreOf()).toEqual({ n: 1 });
});

test("where the button is demanded, or nothing was clicked, the page has no script", async () => {
  const link = await newLink({ confirm: "button" });
  expect(link.rating_urls[0]?.url).toBe(`${link.url}?rating=0&confirm=button`);
  for (const query of ["?rating=0&confirm=button", "", "?rating=11"]) {
    const answer = await requestUnlimited(pathOf(link.url) + query);
    expect(await answer.text()).not.toContain("<script");
    expect(answer.headers.get("content-security-policy")).not.toContain("script-src");
  }
});

const choice = (id: string) => ({ id, texts: { en: id } });
const flow = {
  steps: [
    {
      ...{ id: "why", kind: "choices", texts: { en: { question: "Why?" } } },
      choices: [choice("price"), choice("speed")],
      when: [{ bucket: ["detractor", "passive"] }],
    },
    {
      ...{ id: "again", kind: "rating", texts: { en: { question: "Again?" } }, scale: { min: 1, max: 3 } },
      when: [{ step: "why", is: ["price"] }],
    },
    { id: "where", kind: "text", texts: { en: { question: "Where?" } } },
    { id: "comment", kind: "text", texts: {} },
  ],
  thanks: [
    {
      buckets: ["detractor"],
      texts: { en: { text: "Sorry", link: "Talk to us" } },
      url: "https://a.example/talk",
    },
  ],
};

test("steps and thanks follow the rating as in the widget, page by page, without scripts", async () => {
  await requestUnlimited(`/v1/surveys/${workspace.surveys.nps}`, {
    method: "PATCH",
    key: workspace.write,
    json: flow,
  });
  const link = await newLink();
  const first = await (await requestUnlimited(pathOf(link.url))).text();
  expect(first).not.toContain('name="comment"');
  const why = await submitted(pathOf(link.url), { rating: "2" });
  expect([heading(why.html), why.html.match(/type="checkbox"/g)?.length]).toEqual(["Why?", 2]);
  const again = await submitted(why.at, [
    ["step", "why"],
    ["answer", "price"],
    ["answer", "forged"],
    ["answer", "speed"],
  ]);
  expect([heading(again.html), again.html.match(/type="radio"/g)?.length]).toEqual(["Again?", 3]);
  const where = await submitted(again.at, { step: "again", answer: "2" });
  expect(heading(where.html)).toBe("Where?");
  // Back, and forward again with the same page.
  expect(heading((await submitted(again.at, { step: "why", answer: "speed" })).html)).toBe("Again?");
  const comment = await submitted(where.at, { step: "where", answer: " Shop\r\n2 " });
  expect(heading(comment.html)).toBe(TEXTS.en.comment);
  expect(comment.html).toContain(`<button type="submit">${TEXTS.en.send}</button>`);
  const done = await submitted(comment.at, { step: "comment", answer: "Too dear" });
  expect(heading(done.html)).toBe("Sorry");
  expect(done.html).toContain('<a href="https://a.example/talk" rel="noopener">Talk to us</a>');
  expect(await responseOf(link)).toMatchObject({
    ...{ rating: 2, comment: "Too dear", answers: { why: ["price", "speed"], again: 2, where: "Shop\n2" } },
  });
  expect(await scoreOf()).toEqual({ n: 1 });
});

test("of a link that takes one answer each step takes one too, whoever goes back", async () => {
  const sent = { method: "PATCH", key: workspace.write, json: flow };
  await requestUnlimited(`/v1/surveys/${workspace.surveys.nps}`, sent);
  const link = await newLink({ changeable: false });
  const why = await submitted(pathOf(link.url), { rating: "2" });
  const again = await submitted(why.at, { step: "why", answer: "price" });
  const where = await submitted(again.at, { step: "again", answer: "2" });
  await submitted(why.at, { step: "why", answer: "speed" });
  await Promise.all([
    submit(again.at, { step: "again", answer: "3" }),
    submit(pathOf(link.url), { rating: "9" }),
  ]);
  const comment = await submitted(where.at, { step: "where", answer: "Shop" });
  await submitted(where.at, { step: "where", answer: "Elsewhere" });
  await submitted(comment.at, { step: "comment", answer: "Too dear" });
  await submitted(comment.at, { step: "comment", answer: "Cheap" });
  expect(await responseOf(link)).toMatchObject({
    ...{ rating: 2, comment: "Too dear", answers: { why: ["price"], again: 2, where: "Shop" } },
  });
  expect(await scoreOf()).toEqual({ n: 1 });
});

test("steps may be left out, are asked by what was answered, and refuse what is too long", async () => {
  await requestUnlimited(`/v1/surveys/${workspace.surveys.nps}`, {
    method: "PATCH",
    key: workspace.write,
    json: flow,
  });
  const link = await newLink();
  const where = await submitted(pathOf(link.url), { rating: "9" });
  expect(heading(where.html)).toBe("Where?");
  expect((await submit(where.at, { step: "where", answer: "x".repeat(501) })).status).toBe(422);
  const comment = await submitted(where.at, { step: "where", answer: "" });
  const done = await submitted(comment.at, { step: "comment" });
  expect(heading(done.html)).toBe(TEXTS.en.thanks);
  expect(await responseOf(link)).toMatchObject({ rating: 9, comment: null, answers: {} });
  // No step without a rating before it, nor by another link's progress.
  const other = await newLink();
  expect((await submit(pathOf(other.url), { step: "where", answer: "Here" })).status).toBe(404);
  const foreign = `${pathOf(other.url)}?${where.at.split("?")[1]}`;
  expect((await submit(foreign, { step: "where", answer: "Here" })).status).toBe(404);
});

test("clicks that nobody confirms are counted by themselves, one for each link, with what they tell of machines", async () => {
  const [one, two, three] = [await newLink(), await newLink(), await newLink()];
  const open = (link: { url: string }, query: string, headers: Record<string, string> = {}, method = "GET") =>
    requestUnlimited(`${pathOf(link.url)}?${query}`, {
      method,
      headers: { "user-agent": "Mozilla/5.0", ...headers },
    });
  for (let n = 0; n < 1200; n++) await open(one, `rating=${n % 11}`);
  await open(two, "rating=3", { "user-agent": "Barracuda Link Protect" }, "HEAD");
  await open(two, "rating=3&more");
  await open(three, "rating=8");
  await open(three, "");
  const signs = { several_ratings: 1, hidden_link: 1, scanner_agent: 1, scanner_network: 0, head_request: 1 };
  expect(await unconfirmed()).toEqual({ touchpoint: "relationship", links: 3, claimed: 0, signs });
  expect(await env.DB.prepare("SELECT MAX(times) AS most FROM clicks").first()).toEqual({ most: 1000 });
  expect(await scoreOf()).toEqual({ n: 0 });
  // Confirmed, it is a response and no click.
  await submit(pathOf(three.url), { rating: "8", opened: "1" });
  expect((await unconfirmed()).links).toBe(2);
  expect(await scoreOf()).toEqual({ n: 1 });
  const later = new Date(Date.now() + 1000).toISOString();
  const remove = (query: string) =>
    requestUnlimited(`/v1/touchpoints/relationship/unconfirmed?${query}`, {
      method: "DELETE",
      key: workspace.write,
    });
  expect((await remove(`from=${later}`)).status).toBe(204);
  expect((await unconfirmed()).links).toBe(2);
  expect((await remove("")).status).toBe(204);
  expect((await unconfirmed()).links).toBe(0);
  expect(await scoreOf()).toEqual({ n: 1 });
});

test("a mailing's clicks are noted for its recipients, not for links without one, and forgotten after 90 days", async () => {
  const path = `/v1/surveys/${workspace.surveys.nps}/email?touchpoint=relationship&format=text`;
  const text = await (await requestUnlimited(path, { key: workspace.read })).text();
  const url = pathOf(/http\S+rating=9\S*/.exec(text)?.[0] ?? "");
  for (const recipient of ["kim@example.com", "kim@example.com", "li@example.com", "{{email}}", "{{email}}"])
    await requestUnlimited(url.replace("{{email}}", recipient));
  expect((await unconfirmed()).links).toBe(2);
  await forgetClicks(workspace.db, Date.now() + 89 * dayMs, 100);
  expect((await unconfirmed()).links).toBe(2);
  await forgetClicks(workspace.db, Date.now() + 91 * dayMs, 1);
  expect((await unconfirmed()).links).toBe(1);
});

/** The dark squares of a QR code's SVG, as a picture of one pixel for each. */
function pixelsOf(svg: string): { data: Uint8ClampedArray; size: number } {
  const [, side = "0"] = /viewBox="0 0 (\d+)/.exec(svg) ?? [];
  const scale = Number(/h(\d+)v/.exec(svg)?.[1] ?? "1");
  const size = Number(side) / scale;
  const zoom = 4;
  const width = size * zoom;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y] of svg.matchAll(/M(\d+),(\d+)h/g))
    for (let dy = 0; dy < zoom; dy++)
      for (let dx = 0; dx < zoom; dx++) {
        const at = (((Number(y) / scale) * zoom + dy) * width + (Number(x) / scale) * zoom + dx) * 4;
        data.fill(0, at, at + 3);
      }
  return { data, size: width };
}

test("the QR code of a link holds its address", async () => {
  const link = await newLink();
  const answer = await requestUnlimited(pathOf(link.qr));
  expect(answer.headers.get("content-type")).toBe("image/svg+xml");
  const { data, size } = pixelsOf(await answer.text());
  expect(jsQR(data, size, size)?.data).toBe(link.url);
  expect((await requestUnlimited("/r/AAAAAAAAAAAAAAAAAAAAAAAA/qr.svg")).status).toBe(404);
});
