import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import * as z from "zod";
import { Asks } from "../../../shared/contract/ask.ts";
import { Workspace } from "../../../shared/contract/keys.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { settleBlocks } from "../../../worker/rollup/blocks.ts";
import { expectProblem } from "../problems.ts";
import { request, requestUnlimited } from "../workspace.ts";
import {
  ask,
  asked,
  askings,
  hashOf,
  later,
  noon,
  policy,
  see,
  set,
  setUp,
  workspace,
} from "./asking-fixture.ts";

setUp();

const isAsked = expect.objectContaining({ touchpoint: "checkout" });

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
  // A tab interrupts nobody, so only its own clock counts.
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
    // A cache must not give this answer to another browser.
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
  // The count is cached for ten seconds.
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
  // No respondent has such a hash: it is the page's mistake.
  for (const none of ["", "alice", `${hash}0`, "%00"])
    expect(await cached(`touchpoint=checkout&respondent_hash=${none}`), none).toBe("public, max-age=60");
});

test("an impression without a hash, with what is none, or with one that is not the respondent's, is counted and names nobody", async () => {
  const [alices, random] = [await hashOf("alice"), "7".repeat(64)];
  const given = [
    ...[undefined, "alice", 5, null, alices, random].map((respondent_hash) => ({ respondent_hash })),
    ...[alices, random].map((respondent_hash) => ({ respondent: "bob", respondent_hash })),
    { respondent: "alice" },
    { respondent: 5, respondent_hash: alices },
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
  // A request with a secret key comes from the owner's server.
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
