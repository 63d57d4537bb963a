import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Sessions } from "../../../shared/contract/members/sessions.ts";
import { dayMs, hourMs, minuteMs } from "../../../shared/time/durations.ts";
import { recordedDatabase } from "../watched.ts";
import { newWorkspace, type TestWorkspace } from "../workspace.ts";
import { Browser, linkOf, memberOf } from "./browser.ts";

const noon = Date.parse("2026-12-01T12:00:00Z");

let workspace: TestWorkspace;
beforeEach(async () => {
  vi.useFakeTimers({ now: noon, toFake: ["Date"] });
  workspace = await newWorkspace();
});
afterEach(() => {
  vi.useRealTimers();
});

const at = (time: number) => vi.setSystemTime(time);
const me = (browser: Browser) => browser.status("GET", "/v1/session");
const row = () => env.DB.prepare("SELECT * FROM sessions").first<Record<string, number | string | null>>();

/** The same browser, as somebody has it who copied its cookie. */
function copyOf(browser: Browser): Browser {
  const copy = new Browser(browser.workspace);
  copy.token = browser.token;
  return copy;
}

test("within a day a session reads one statement a request, and writes at most once an hour", async () => {
  const owner = await memberOf(workspace, "owner");
  const statements = async () => {
    const { d1, batches } = recordedDatabase(env.DB);
    await owner.status("GET", "/v1/surveys", { d1 });
    return batches.flat().map(({ sql }) => sql.split(" ")[0]);
  };
  expect(await statements()).toEqual(["SELECT", "SELECT"]);
  at(noon + hourMs);
  expect(await statements()).toEqual(["SELECT", "UPDATE", "SELECT"]);
  expect(await statements()).toEqual(["SELECT", "SELECT"]);
  expect((await row())?.last_used_at).toBe(noon + hourMs);
});

test("once a day the token is a new one, the old one is good for a minute, and then for nothing", async () => {
  const owner = await memberOf(workspace, "owner");
  const before = copyOf(owner);
  at(noon + dayMs);
  expect(await me(owner)).toBe(200);
  expect(owner.token).not.toBe(before.token);
  at(noon + dayMs + minuteMs - 1);
  expect(await me(copyOf(before))).toBe(200);
  expect(await me(owner)).toBe(200);
});

test("requests at once, and one whose answer never came, all get the same new token", async () => {
  const owner = await memberOf(workspace, "owner");
  at(noon + dayMs);
  const pages = Array.from({ length: 5 }, () => copyOf(owner));
  expect(await Promise.all(pages.map(me))).toEqual(new Array(5).fill(200));
  // The browser that closed the page before it had the answer has the old token still.
  at(noon + dayMs + 30_000);
  expect(await me(owner)).toBe(200);
  expect(new Set([...pages, owner].map(({ token }) => token)).size).toBe(1);
  at(noon + dayMs + hourMs);
  expect(await me(owner)).toBe(200);
});

test("a token that was replaced and comes later ends the session, for whoever has it", async () => {
  const owner = await memberOf(workspace, "owner");
  const thief = copyOf(owner);
  at(noon + dayMs);
  await me(thief);
  at(noon + dayMs + minuteMs + 1);
  expect(await me(owner)).toBe(401);
  expect(await me(thief)).toBe(401);
  expect(await row()).toBeNull();
});

test("a session ends after 14 days without use", async () => {
  const owner = await memberOf(workspace, "owner");
  at(noon + 14 * dayMs - 1);
  expect(await me(owner)).toBe(200);
  at(noon + 28 * dayMs - 2);
  expect(await me(owner)).toBe(200);
  at(noon + 42 * dayMs - 2);
  expect(await me(owner)).toBe(401);
});

test("a session ends after 90 days, however it is used", async () => {
  const owner = await memberOf(workspace, "owner");
  for (let day = 1; day < 90; day += 1) {
    at(noon + day * dayMs);
    expect(await me(owner), `day ${day}`).toBe(200);
  }
  at(noon + 90 * dayMs - 1);
  expect(await me(owner)).toBe(200);
  at(noon + 90 * dayMs);
  expect(await me(owner)).toBe(401);
});

test("whoever signs out is signed out, also with a copy of the cookie", async () => {
  const owner = await memberOf(workspace, "owner");
  const copy = copyOf(owner);
  const answer = await owner.send("DELETE", "/v1/session");
  expect(answer.status).toBe(204);
  expect(answer.headers.get("set-cookie")).toMatch(/^__Host-session=; Max-Age=0; Path=\/; HttpOnly; Secure/);
  expect(owner.token).toBeNull();
  expect(await me(copy)).toBe(401);
});

test("one sees one's own sessions and ends each, all others, or all, with the links that would begin one", async () => {
  const owner = await memberOf(workspace, "owner");
  const ref = (await env.DB.prepare("SELECT ref FROM members").first<number>("ref")) ?? 0;
  const stranger = await memberOf(workspace, "editor", "stranger");
  const elsewhere = async () => {
    const browser = new Browser(workspace.id);
    const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const json = { token: await linkOf("login", { memberRef: ref }) };
    await browser.read("POST", "/v1/sessions", { json, headers: { "user-agent": agent } });
    return browser;
  };
  const [one, two] = [await elsewhere(), await elsewhere()];
  const listed = Sessions.parse(await owner.read("GET", "/v1/sessions")).data;
  expect(listed.map(({ device, means, is_this }) => [device, means, is_this])).toEqual([
    ["Firefox on Linux", "login", false],
    ["Firefox on Linux", "login", false],
    ["Another browser", "setup", true],
  ]);
  // Another member's session is nothing that is there.
  expect(await stranger.status("DELETE", `/v1/sessions/${listed[0]?.id}`)).toBe(404);
  await owner.read("DELETE", `/v1/sessions/${listed[0]?.id}`);
  expect([await me(one), await me(two)]).toEqual([200, 401]);
  const link = await linkOf("login", { memberRef: ref });
  await owner.read("DELETE", "/v1/sessions?keep=this");
  expect([await me(one), await me(owner), await me(stranger)]).toEqual([401, 200, 200]);
  expect(await new Browser().status("POST", "/v1/sessions", { json: { token: link } })).toBe(422);
  const three = await elsewhere();
  await owner.read("DELETE", "/v1/sessions");
  expect(owner.token).toBeNull();
  expect([await me(three), await me(stranger)]).toEqual([401, 200]);
});

test("a change of role replaces the token at the next request, whoever has copied the one before", async () => {
  const owner = await memberOf(workspace, "owner");
  const editor = await memberOf(workspace, "editor");
  const { token } = editor;
  at(noon + minuteMs);
  await owner.read("PATCH", `/v1/members/${editor.id}`, { json: { role: "analyst" } });
  expect(await editor.status("GET", "/v1/surveys")).toBe(200);
  expect(editor.token).not.toBe(token);
  const thief = new Browser(workspace.id);
  thief.token = token;
  at(noon + 3 * minuteMs);
  expect(await me(thief)).toBe(401);
});

test("one changes one's own name, language and zone, and nothing else", async () => {
  const owner = await memberOf(workspace, "owner");
  const json = { name: "Mara", locale: "ar", time_zone: "Asia/Kathmandu" };
  expect((await owner.read("PATCH", "/v1/session", { json })).member).toMatchObject(json);
  const back = await owner.read("PATCH", "/v1/session", { json: { locale: null, time_zone: null } });
  expect(back.member).toMatchObject({ name: "Mara", locale: null, time_zone: null });
  for (const wrong of [{ role: "owner" }, { email: "a@shop.example" }, { time_zone: "Mars" }, { name: "" }])
    expect(await owner.status("PATCH", "/v1/session", { json: wrong })).toBe(422);
});
