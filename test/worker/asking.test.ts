import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { type Asking, addressOf, deviceProperty, refusal } from "../../shared/asking.ts";
import { type Ask, Asks } from "../../shared/contract/ask.ts";
import { Decision } from "../../shared/contract/decision.ts";
import { Workspace } from "../../shared/contract/keys.ts";
import { Touchpoint } from "../../shared/contract/touchpoints.ts";
import { deviceCode } from "../../shared/rules.ts";
import { settleBlocks } from "../../worker/db/blocks.ts";
import { findAsked } from "../../worker/db/touchpoints.ts";
import { explain, offerOf } from "../../worker/deciding.ts";
import { respondentHash } from "../../worker/secrets.ts";
import { expectProblem, type Refusal } from "./problems.ts";
import { newWorkspace, request, requestUnlimited, type TestWorkspace } from "./workspace.ts";

const noon = Date.parse("2026-11-25T12:00:00Z");
const dayMs = 86_400_000;
let workspace: TestWorkspace;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: noon });
  workspace = await newWorkspace();
});
afterEach(() => {
  vi.useRealTimers();
});

const set = (json: object, touchpoint = "checkout") =>
  requestUnlimited(`/v1/touchpoints/${touchpoint}`, { method: "PATCH", key: workspace.write, json });
const policy = (asking: object) =>
  requestUnlimited("/v1/workspace", { method: "PATCH", key: workspace.write, json: { asking } });
const ask = (query = "touchpoint=checkout") =>
  requestUnlimited(`/v1/ask?${query}`, { key: workspace.publishable });
/** What is asked, or why nothing is. */
async function asked(query?: string): Promise<Ask | string | null> {
  const answer = await ask(query);
  return answer.status === 200 ? answer.json<Ask>() : answer.headers.get("candor-reason");
}
const isAsked = expect.objectContaining({ touchpoint: "checkout" });
const hashOf = (person: string) => respondentHash(env.CANDOR_SECRET, workspace.id, person);
const later = (days: number) => vi.setSystemTime(noon + days * dayMs);

async function see(person: string | undefined, touchpoint = "checkout") {
  const survey = touchpoint === "checkout" ? workspace.surveys.csat : workspace.surveys.nps;
  const proof = person && { respondent: person, respondent_hash: await hashOf(person) };
  const json = { touchpoint, survey, ...proof };
  const answer = await requestUnlimited("/v1/impressions", { key: workspace.publishable, json });
  expect(answer.status).toBe(204);
}
const askings = async () =>
  (await env.DB.prepare("SELECT person, channel, asked_at AS at FROM askings").all()).results;

test("what a touchpoint is told about asking is read back as it was given", async () => {
  const given = {
    show: { as: "tab", at: "left" },
    automatic: true,
    rules: {
      ...{ pages: [{ starts_with: "/shop" }, { glob: "https://*.example/*" }], not_pages: [{ is: "/cart" }] },
      ...{
        devices: ["phone"],
        languages: ["de"],
        audience: [{ property: "plan", is_not: ["free"], at_most: 3 }],
      },
      ...{
        sample: 0.25,
        from: "2026-11-01T00:00:00.000Z",
        until: "2026-12-01T00:00:00.000Z",
        most_responses: 500,
      },
      trigger: [{ event: "bought", properties: [{ property: "price", at_least: 10 }] }, { scroll: 50 }],
      cancel_on: ["left"],
    },
  };
  const bare = { show: null, automatic: false, rules: {} };
  const read = async (name: string) =>
    Touchpoint.parse(await (await request(`/v1/touchpoints/${name}`, { key: workspace.read })).json());
  expect(await read("checkout")).toMatchObject(bare);
  expect(await (await set(given)).json()).toMatchObject(given);
  expect(await read("checkout")).toMatchObject(given);
  await set({ wait_days: 1 });
  expect(await read("checkout")).toMatchObject(given);
  await request("/v1/touchpoints", { key: workspace.write, json: { name: "made", ...given } });
  expect(await read("made")).toMatchObject(given);
  await set({ show: null, automatic: false, rules: {} });
  expect(await read("checkout")).toEqual({ ...(await read("checkout")), ...bare });
});

const refusals: Refusal[] = [
  ["a shape that is none", { show: { as: "toast" } }, ["/show/as"]],
  ["a tab in a corner", { show: { as: "tab", at: "top-left" } }, ["/show/at"]],
  ["a popover at an edge", { show: { as: "popover", at: "left" } }, ["/show/at"]],
  ["a regular expression", { rules: { pages: [{ is: "/a", matches: "/.*/" }] } }, ["/rules/pages/0/matches"]],
  ["two forms at once", { rules: { pages: [{ is: "/a", glob: "/b" }] } }, ["/rules/pages/0"]],
  ["no form", { rules: { not_pages: [{}] } }, ["/rules/not_pages/0"]],
  ["an address without its beginning", { rules: { pages: [{ is: "cart" }] } }, ["/rules/pages/0/is"]],
  ["a fragment", { rules: { pages: [{ is: "/cart#a" }] } }, ["/rules/pages/0/is"]],
  [
    "more stars than a pattern needs",
    { rules: { pages: [{ glob: "/*a*b*c*d*e*" }] } },
    ["/rules/pages/0/glob"],
  ],
  ["51 pages", { rules: { pages: Array(51).fill({ is: "/" }) } }, ["/rules/pages"]],
  ["a device that is none", { rules: { devices: ["watch"] } }, ["/rules/devices/0"]],
  ["a condition of nothing", { rules: { audience: [{ property: "a" }] } }, ["/rules/audience/0"]],
  ["a share above all", { rules: { sample: 1.1 } }, ["/rules/sample"]],
  [
    "an end before the beginning",
    { rules: { from: "2026-12-01T00:00:00Z", until: "2026-11-01T00:00:00Z" } },
    ["/rules/until"],
  ],
  ["a trigger of two", { rules: { trigger: [{ scroll: 5, seconds: 5 }] } }, ["/rules/trigger/0"]],
  [
    "properties of no event",
    { rules: { trigger: [{ scroll: 5, properties: [] }] } },
    ["/rules/trigger/0/properties"],
  ],
  [
    "a selector of 201 letters",
    { rules: { trigger: [{ visible: "x".repeat(201) }] } },
    ["/rules/trigger/0/visible"],
  ],
  ["an unknown rule", { rules: { weekdays: [1] } }, ["/rules/weekdays"]],
];
test("each wrong setting of a touchpoint is refused by its name", async () => {
  for (const [what, json, pointers] of refusals)
    await expectProblem(await set(Object(json)), "invalid-input", pointers, what);
});

test("a page is told what it decides by, and nothing of what the server decides", async () => {
  await policy({ wait_days: 3, most: { times: 2, days: 90 } });
  await set({
    show: { as: "tab", at: "bottom" },
    rules: {
      pages: [{ is: "/a" }],
      languages: ["en"],
      from: "2026-01-01T00:00:00Z",
      most_responses: 5,
      cancel_on: ["x"],
    },
  });
  const answer = await asked("touchpoint=checkout&locale=en");
  expect(answer).toMatchObject({ show: { as: "tab", at: "bottom" }, texts: { tab: "Feedback" } });
  const rules = { pages: [[" /a "]], cancel: ["x"] };
  const own = [30, 1, workspace.surveys.csat];
  // A tab interrupts nobody: its own clock alone counts.
  expect(Object(answer).rules).toEqual({ clocks: [own], ...rules });
  await set({ show: null });
  const interrupting = Object(await asked("touchpoint=checkout&locale=en"));
  expect(interrupting.rules).toEqual({ clocks: [own, [3, 1], [90, 2]], ...rules });
  await set({ show: { as: "tab", at: "bottom" } });
  const texts = { en: { tab: "Tell us" } };
  const survey = `/v1/surveys/${workspace.surveys.csat}`;
  await requestUnlimited(survey, { method: "PATCH", key: workspace.write, json: { texts } });
  expect(await asked("touchpoint=checkout&locale=en")).toMatchObject({ texts: { tab: "Tell us" } });
});

test("a browser that asks not to be tracked is asked nothing where the workspace respects that, and elsewhere is", async () => {
  const signals = (headers: Record<string, string>) =>
    requestUnlimited("/v1/ask?touchpoint=checkout", { key: workspace.publishable, headers });
  expect((await signals({ "sec-gpc": "1" })).status).toBe(200);
  await policy({ respect_dnt: true });
  for (const signal of ["sec-gpc", "dnt"]) {
    const answer = await signals({ [signal]: "1" });
    expect([answer.status, answer.headers.get("candor-reason")]).toEqual([204, "privacy-signal"]);
    // Whoever keeps the answer must not give it to another browser.
    expect(answer.headers.get("vary")).toContain("sec-gpc, dnt");
  }
  expect((await signals({})).status).toBe(200);
  expect((await signals({ dnt: "0" })).status).toBe(200);
});

test("the server asks nobody outside the time, in another language or after enough responses, and says why", async () => {
  expect(await asked()).toEqual(isAsked);
  expect(await asked("touchpoint=unknown")).toBe("nothing-asked");
  await set({ rules: { from: "2026-11-25T12:00:01Z", until: "2026-11-26T12:00:00Z" } });
  expect(await asked()).toBe("not-started");
  vi.setSystemTime(noon + 1000);
  expect(await asked()).toEqual(isAsked);
  later(1);
  expect(await asked()).toBe("ended");
  await set({ rules: { languages: ["de", "zh-Hant"] } });
  const inLanguage = (locale: string) => asked(`touchpoint=checkout&locale=${locale}`);
  for (const locale of ["de", "de-AT", "de_CH", "zh-TW"])
    expect(await inLanguage(locale), locale).toEqual(isAsked);
  for (const locale of ["en", "zh", "", "x"]) expect(await inLanguage(locale), locale).toBe("language");
  const answer = await ask();
  expect([answer.status, await answer.text()]).toEqual([204, ""]);
  expect(answer.headers.get("cache-control")).toBe("public, max-age=60");
  expect(answer.headers.get("access-control-expose-headers")).toBe("candor-reason");
});

test("responses that count are enough at some number, in whatever blocks they are counted", async () => {
  await set({ rules: { most_responses: 3 } });
  const respond = async (daysAgo = 0) => {
    const answered_at = new Date(noon - daysAgo * dayMs).toISOString();
    const row = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 5, answered_at };
    await requestUnlimited("/v1/responses/batch", { key: workspace.write, json: { responses: [row] } });
    return row.id;
  };
  const excluded = await respond();
  const path = `/v1/responses/${excluded}`;
  await requestUnlimited(path, { method: "PATCH", key: workspace.write, json: { excluded: "test" } });
  await respond(400);
  await respond(9);
  expect(await asked()).toEqual(isAsked);
  await respond();
  await settleBlocks(workspace.db, noon, 4);
  // Remembered for ten seconds.
  expect(await asked()).toEqual(isAsked);
  vi.setSystemTime(noon + 10_000);
  expect(await asked()).toBe("enough-responses");
});

test("a page that names no touchpoint is told of all automatic ones", async () => {
  expect(await asked("")).toBe("nothing-asked");
  await set({ automatic: true });
  await set({ automatic: true, rules: { languages: ["fr"] } }, "relationship");
  const { asks } = Asks.parse(await (await ask("locale=fr")).json());
  expect(asks.map(({ touchpoint, locale }) => [touchpoint, locale])).toEqual([
    ["relationship", "fr"],
    ["checkout", "fr"],
  ]);
  expect(Asks.parse(await (await ask("")).json()).asks).toEqual([await asked()]);
  await set({ rules: { until: "2026-01-01T00:00:00Z" } });
  expect(await asked("")).toBe("language, ended");
  for (let n = 0; n < 21; n++) {
    const json = { name: `auto${n}`, survey: workspace.surveys.ces, automatic: true };
    await requestUnlimited("/v1/touchpoints", { key: workspace.write, json });
  }
  expect(Asks.parse(await (await ask("")).json()).asks).toHaveLength(18);
  await requestUnlimited("/v1/touchpoints/auto3", { method: "DELETE", key: workspace.write });
  expect(JSON.stringify(await asked(""))).not.toContain('"auto3"');
});

test("who was asked on one device is not asked on another, until the survey's clock has run", async () => {
  const asAlice = `touchpoint=checkout&respondent_hash=${await hashOf("alice")}`;
  await see("alice");
  expect(await askings()).toEqual([{ person: await hashOf("alice"), channel: "widget", at: noon }]);
  expect(await asked(asAlice)).toBe("survey-clock");
  expect(
    await asked(
      asAlice
        .toUpperCase()
        .replace("TOUCHPOINT=CHECKOUT&RESPONDENT_HASH", "touchpoint=checkout&respondent_hash"),
    ),
  ).toBe("survey-clock");
  expect(await asked()).toEqual(isAsked);
  expect(await asked(`touchpoint=checkout&respondent_hash=${await hashOf("bob")}`)).toEqual(isAsked);
  later(29.99);
  expect(await asked(asAlice)).toBe("survey-clock");
  later(30);
  expect(await asked(asAlice)).toEqual(isAsked);
});

test("the workspace's clock and budget go over all its surveys", async () => {
  const asAlice = `touchpoint=checkout&respondent_hash=${await hashOf("alice")}`;
  await policy({ wait_days: 7, most: { times: 2, days: 60 } });
  await see("alice", "relationship");
  expect(await asked(asAlice)).toBe("workspace-clock");
  later(8);
  expect(await asked(asAlice)).toEqual(isAsked);
  await see("alice", "relationship");
  later(40);
  expect(await asked(asAlice)).toBe("budget");
  later(60);
  expect(await asked(asAlice)).toEqual(isAsked);
});

test("what depends on who asks is kept by no cache, and what does not is", async () => {
  const cached = async (query: string) => (await ask(query)).headers.get("cache-control");
  const hash = await hashOf("alice");
  expect(await cached("touchpoint=checkout")).toBe("public, max-age=60");
  expect(await cached(`touchpoint=checkout&respondent_hash=${hash}`)).toBe("private, no-store");
  await see("alice");
  expect(await cached(`touchpoint=checkout&respondent_hash=${hash}`)).toBe("private, no-store");
  // Nobody has such a hash: the page's mistake.
  for (const none of ["", "alice", `${hash}0`, "%00"])
    expect(await cached(`touchpoint=checkout&respondent_hash=${none}`), none).toBe("public, max-age=60");
});

test("an impression without a hash, with what is none, or with one that is not the respondent's, is counted and names nobody", async () => {
  const [alices, random] = [await hashOf("alice"), "7".repeat(64)];
  const given = [
    ...[undefined, "alice", 5, null, alices, random].map((respondent_hash) => ({ respondent_hash })),
    ...[alices, random].map((respondent_hash) => ({ respondent: "bob", respondent_hash })),
    ...[{ respondent: "alice" }, { respondent: 5, respondent_hash: alices }],
  ];
  for (const person of given) {
    const json = { touchpoint: "checkout", survey: workspace.surveys.csat, ...person };
    const answer = await requestUnlimited("/v1/impressions", { key: workspace.publishable, json });
    expect(answer.status).toBe(204);
  }
  expect(await askings()).toEqual([]);
  expect(await env.DB.prepare("SELECT seen FROM impression_counts").all()).toMatchObject({
    results: [{ seen: given.length }],
  });
  // A secret key speaks for its owner's server.
  const json = { touchpoint: "checkout", survey: workspace.surveys.csat, respondent_hash: alices };
  await requestUnlimited("/v1/impressions", { key: workspace.write, json });
  expect(await askings()).toEqual([{ person: alices, channel: "api", at: noon }]);
});

async function answerLink(json: object, times = 1) {
  const made = await requestUnlimited("/v1/links", { key: workspace.write, json });
  const { url } = z.object({ url: z.string() }).parse(await made.json());
  for (let n = 0; n < times; n++) {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = "rating=5";
    const sent = await requestUnlimited(new URL(url).pathname, { method: "POST", headers, body });
    expect(sent.status).toBe(303);
  }
}

test("the first answer through a link is an asking too, and a change of it is none", async () => {
  await answerLink({ touchpoint: "checkout" });
  expect(await askings()).toEqual([]);
  await answerLink({ touchpoint: "checkout", respondent: "alice" }, 3);
  expect(await askings()).toEqual([{ person: await hashOf("alice"), channel: "link", at: noon }]);
  expect(await asked(`touchpoint=checkout&respondent_hash=${await hashOf("alice")}`)).toBe("survey-clock");
});

test("an answer through a mailing's link starts no clock of the recipient whom it names", async () => {
  const path = `/v1/surveys/${workspace.surveys.csat}/email?touchpoint=checkout&format=text`;
  const text = await (await requestUnlimited(path, { key: workspace.read })).text();
  const [link = ""] = /http\S+\/s\/[^?\s]+/.exec(text) ?? [];
  const page = await (
    await requestUnlimited(`${new URL(link).pathname}?rating=5&email=alice@example.com`)
  ).text();
  const [, action = ""] = /action="([^"]+)"/.exec(page) ?? [];
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const sent = await requestUnlimited(action, { method: "POST", headers, body: "rating=5" });
  expect(sent.status).toBe(303);
  expect(await askings()).toEqual([]);
  const asAlice = `touchpoint=checkout&respondent_hash=${await hashOf("alice@example.com")}`;
  expect(await asked(asAlice)).toEqual(isAsked);
});

test("a workspace reads and changes how often one person is asked", async () => {
  const read = async () =>
    Workspace.parse(await (await request("/v1/workspace", { key: workspace.write })).json()).asking;
  const free = { wait_days: 0, most: null, respect_dnt: false };
  expect(await read()).toEqual(free);
  const strict = { wait_days: 14, most: { times: 3, days: 365 }, respect_dnt: true };
  await policy(strict);
  expect(await read()).toEqual(strict);
  await policy({});
  expect(await read()).toEqual(free);
  await expectProblem(await policy({ wait_days: 366 }), "invalid-input", ["/asking/wait_days"]);
  await expectProblem(await policy({ most: { times: 0, days: 1 } }), "invalid-input", ["/asking/most/times"]);
});

async function decided(json: object) {
  const path = "/v1/touchpoints/checkout/decision";
  const answer = await requestUnlimited(path, { key: workspace.read, json });
  expect(answer.status).toBe(200);
  return Decision.parse(await answer.json());
}

test("a decision can be tried, and names the first reason with its numbers", async () => {
  await policy({ wait_days: 7, most: { times: 2, days: 60 } });
  await set({
    rules: {
      ...{ pages: [{ starts_with: "/shop" }], devices: ["phone"], languages: ["de"], sample: 0.5 },
      ...{ audience: [{ property: "plan", is: ["pro"] }], from: "2026-11-01T00:00:00Z", most_responses: 10 },
    },
  });
  const { csat, nps } = workspace.surveys;
  const right = {
    ...{
      url: "https://a.example/shop ü",
      device: "phone",
      locale: "de-AT",
      properties: { plan: "pro" },
      luck: 0.1,
    },
  };
  const ago = (days: number) => new Date(noon - days * dayMs).toISOString();
  const reasons: [object, string | null, string][] = [
    [{}, null, "Nothing keeps the survey from being asked."],
    [right, null, "Nothing keeps the survey from being asked."],
    [{ at: "2026-10-01T00:00:00Z" }, "not-started", "It begins at 2026-11-01T00:00:00.000Z."],
    [{ ...right, locale: "en" }, "language", "The language is en; it is asked in de."],
    [{ ...right, url: "https://a.example/" }, "page", "https://a.example/ is not one of its pages."],
    [{ ...right, device: "desktop" }, "device", "The device is a desktop; it is asked on phone."],
    [{ ...right, properties: {} }, "audience", 'The property plan is missing; it must be one of "pro".'],
    [{ ...right, luck: 0.5 }, "sample", "This visitor's number is 0.5; it is asked those below 0.5."],
    [
      { ...right, askings: [{ survey: csat, at: ago(3) }] },
      "survey-clock",
      "This person was asked this survey 3 days ago; the survey waits 30 days.",
    ],
    [
      { ...right, askings: [{ survey: nps, at: ago(1.5) }] },
      "workspace-clock",
      "This person was asked a survey 1 day ago; after any survey the workspace waits 7 days.",
    ],
    [
      {
        ...right,
        askings: [
          { survey: nps, at: ago(8) },
          { survey: nps, at: ago(59) },
        ],
      },
      "budget",
      "This person was asked 2 times in the last 60 days; the workspace allows 2 times.",
    ],
    [
      { ...right, askings: [{ survey: csat, at: ago(-1) }] },
      null,
      "Nothing keeps the survey from being asked.",
    ],
  ];
  for (const [given, reason, explanation] of reasons)
    expect(await decided(given)).toMatchObject({ asked: reason === null, reason, explanation });
  const { checks } = await decided(right);
  expect(checks.map(({ check }) => check)).toEqual([
    ...["nothing-asked", "not-started", "ended", "enough-responses", "language"],
    ...["survey-clock", "workspace-clock", "budget", "page", "device", "audience", "sample"],
  ]);
  expect(checks.every(({ explanation }) => /^[A-Zh].*\.$/.test(explanation))).toBe(true);
});

test("a decision refuses for the reason for which the widget does", async () => {
  const found = await findAsked(workspace.db, workspace.ref, "checkout", null);
  if (!found) throw new Error("nothing is asked");
  const some = <Value>(value: Value) => fc.option(fc.constant(value), { nil: undefined });
  const rules = fc.record({
    pages: some([{ starts_with: "/shop" }]),
    not_pages: some([{ is: "/shop/cart" }]),
    devices: some(["phone"]),
    audience: some([{ property: "plan", is: ["pro"] }]),
    sample: some(0.5),
  });
  const asking = fc.record({
    wait_days: fc.constantFrom(0, 7),
    most: fc.option(fc.constant({ times: 1, days: 60 })),
  });
  const known = fc.record({
    url: fc.constantFrom("https://a.example/", "https://a.example/shop", "https://a.example/shop/cart"),
    device: fc.constantFrom("phone", "desktop"),
    properties: fc.constantFrom<Record<string, string>>({}, { plan: "pro" }),
    luck: fc.constantFrom(0.1, 0.9),
    askings: fc.array(
      fc.tuple(fc.constantFrom(workspace.surveys.csat, "other"), fc.nat(90)).map(([survey, days]): Asking => {
        return [survey, noon - days * dayMs];
      }),
      { maxLength: 2 },
    ),
  });
  const reasons = new Set<string | undefined>();
  const widgetReasons = [undefined, "page", "audience", "sample"];
  const property = fc.property(rules, asking, known, (set, policySet, situation) => {
    const offer = offerOf({ ...found, rules: JSON.stringify(set), asking: JSON.stringify(policySet) });
    const checks = explain(offer, 0, { ...situation, locale: undefined }, noon);
    const { url, device, properties, luck, askings: before } = situation;
    const person = { ...properties, [deviceProperty]: deviceCode(device) };
    const refused = refusal(offer.compiled, addressOf(url), person, luck, before, noon);
    const reason = checks.find(({ passed }) => !passed)?.check;
    const clock = offer.compiled.clocks[refused - 1];
    const clockName = clock && (clock[2] ? "survey-clock" : clock[0] === 7 ? "workspace-clock" : "budget");
    if (refused > 0) expect(reason).toBe(clockName);
    else expect(reason && reason !== "device" ? reason : reason && "audience").toBe(widgetReasons[-refused]);
    reasons.add(reason);
  });
  fc.assert(property, { seed: 20_261_125, numRuns: 2_000 });
  expect(reasons.size).toBe(8);
});

test("a decision about a person knows when they were asked, and notes nothing", async () => {
  await see("alice");
  later(12);
  const explanation = "This person was asked this survey 12 days ago; the survey waits 30 days.";
  expect(await decided({ respondent: "alice" })).toMatchObject({ reason: "survey-clock", explanation });
  expect(await decided({ respondent: "bob" })).toMatchObject({ asked: true });
  expect(await askings()).toHaveLength(1);
  await set({ survey: null });
  expect(await decided({ respondent: "alice" })).toMatchObject({
    ...{ asked: false, reason: "nothing-asked", checks: [{ check: "nothing-asked", passed: false }] },
  });
});

test("what cannot be decided about is refused by its name", async () => {
  const path = "/v1/touchpoints/checkout/decision";
  const bad: Refusal[] = [
    ["no address", { url: "/cart" }, ["/url"]],
    ["a script", { url: "javascript:alert(1)" }, ["/url"]],
    ["a device that is none", { device: "watch" }, ["/device"]],
    ["luck beyond 1", { luck: 1.1 }, ["/luck"]],
    ["a day and no instant", { at: "2026-11-25" }, ["/at"]],
    ["an asking of nothing", { askings: [{ at: "2026-11-25T00:00:00Z" }] }, ["/askings/0/survey"]],
    ["what it does not know", { weather: "fine" }, ["/weather"]],
  ];
  for (const [what, json, pointers] of bad)
    await expectProblem(
      await requestUnlimited(path, { key: workspace.read, json }),
      "invalid-input",
      pointers,
      what,
    );
});
