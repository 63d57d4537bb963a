import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { newWorkspace, type TestWorkspace } from "../workspace.ts";
import { Browser, memberOf } from "./browser.ts";

let workspace: TestWorkspace;
let owner: Awaited<ReturnType<typeof memberOf>>;
beforeEach(async () => {
  workspace = await newWorkspace();
  owner = await memberOf(workspace, "owner", "Mara");
});

/** Where a page leads; null: it does not. */
async function leadsTo(browser: Browser, path: string): Promise<string | null> {
  const answer = await browser.send("GET", path);
  await answer.body?.cancel();
  return answer.status === 302 ? answer.headers.get("location") : null;
}

/** What the page carries for its script. */
async function dataOf(answer: Response) {
  const html = await answer.text();
  expect([answer.status, html.includes('id="page"')]).toEqual([200, true]);
  return JSON.parse(/id="page">(.*?)<\/script>/s.exec(html)?.[1] ?? "");
}

test("whoever is not signed in is sent to sign in, with where they wanted to go", async () => {
  const stranger = new Browser();
  expect(await leadsTo(stranger, "/app")).toBe("/app/login");
  const wanted = `/app/w/${workspace.id}/touchpoints/checkout?period=7d&channel=a,b`;
  const to = `/app/login?${new URLSearchParams({ to: wanted })}`;
  expect(await leadsTo(stranger, wanted)).toBe(to);
  const { token } = owner;
  await owner.read("DELETE", "/v1/session");
  owner.token = token;
  expect(await leadsTo(owner, wanted)).toBe(to);
  expect((await stranger.send("GET", "/app/login")).status).toBe(200);
});

test("the start page and /app lead a member to their workspace, with the question", async () => {
  expect(await leadsTo(owner, "/")).toBe("/app");
  expect(await leadsTo(owner, "/app?period=7d")).toBe(`/app/w/${workspace.id}?period=7d`);
  expect(await leadsTo(owner, "/app/nowhere")).toBe(`/app/w/${workspace.id}`);
  expect(await leadsTo(new Browser(), "/")).toBe(null);
});

test("the page carries the member, the workspace with its touchpoints, and no other one's", async () => {
  await newWorkspace();
  const answer = await owner.send("GET", `/app/w/${workspace.id}`);
  expect(answer.headers.get("cache-control")).toBe("private, no-store");
  const data = await dataOf(answer);
  expect(data.member).toEqual({ id: owner.id, name: "Mara", timeZone: null });
  expect(data.role).toBe("owner");
  expect(data.workspace).toEqual({ id: workspace.id, name: "Test", timeZone: "UTC" });
  expect(data.workspaces).toEqual([{ id: workspace.id, name: "Test" }]);
  expect(data.touchpoints.map(({ name }: { name: string }) => name)).toContain("checkout");
});

test("another's workspace and one that does not exist are the same page, which shows nothing of them", async () => {
  const other = await newWorkspace();
  const pages = await Promise.all(
    [other.id, "wsp_0"].map(async (id) => {
      const answer = await owner.send("GET", `/app/w/${id}/touchpoints/checkout`);
      return [answer.status, await answer.text()];
    }),
  );
  expect(pages[0]).toEqual(pages[1]);
  expect(pages[0]?.[0]).toBe(404);
  expect(pages[0]?.[1]).not.toContain('id="page"');
  const second = await memberOf(workspace, "editor", "Eve");
  await owner.read("DELETE", `/v1/members/${second.id}`);
  expect(await leadsTo(second, `/app/w/${workspace.id}`)).toContain("/app/login?to=");
});

test("a link on another site opens the page, though that site reads nothing by the session", async () => {
  const headers = { "sec-fetch-site": "cross-site" };
  await dataOf(await owner.send("GET", `/app/w/${workspace.id}`, { headers }));
  expect(await owner.status("GET", "/v1/surveys", { headers })).toBe(403);
  const { headers: sent } = await owner.send("GET", `/app/w/${workspace.id}`);
  expect(sent.get("cross-origin-resource-policy")).toBe("same-origin");
  expect(sent.get("x-frame-options")).toBe("DENY");
});

test("a page replaces a token that is due, as any request does", async () => {
  const { token } = owner;
  await env.DB.exec("UPDATE sessions SET rotated_at = 1");
  await dataOf(await owner.send("GET", `/app/w/${workspace.id}`));
  expect(owner.token).not.toBe(token);
  await dataOf(await owner.send("GET", `/app/w/${workspace.id}`));
});

test("the page is in the member's language, else in one that the browser wants", async () => {
  const openIn = async (path: string, wanted: string) => {
    const answer = await owner.send("GET", path, { headers: { "accept-language": wanted } });
    return /<html lang="(\w+)" dir="(\w+)"/.exec(await answer.text())?.slice(1);
  };
  const page = `/app/w/${workspace.id}`;
  expect(await openIn(page, "fi, ar-EG;q=0.9, de;q=0.8")).toEqual(["ar", "rtl"]);
  expect(await openIn("/app/login", "de-AT")).toEqual(["de", "ltr"]);
  await owner.read("PATCH", "/v1/session", { json: { locale: "de" } });
  expect(await openIn(page, "ar")).toEqual(["de", "ltr"]);
});
