import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dayMs, minuteMs } from "../../../shared/time/durations.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";
import { Browser, linkOf, memberOf } from "./browser.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});
afterEach(() => {
  vi.useRealTimers();
});

const owners = async () => {
  const answer = await requestUnlimited("/v1/members", { key: workspace.write });
  const { data } = await answer.json<{ data: { id: string; role: string }[] }>();
  return data.filter(({ role }) => role === "owner").map(({ id }) => id);
};

test("the last owner is neither removed nor lowered, and does not leave", async () => {
  const owner = await memberOf(workspace, "owner");
  await memberOf(workspace, "editor");
  await expectProblem(await owner.send("DELETE", `/v1/members/${owner.id}`), "conflict");
  const json = { role: "editor" };
  await expectProblem(await owner.send("PATCH", `/v1/members/${owner.id}`, { json }), "conflict");
  await expectProblem(await owner.send("DELETE", `/v1/session/workspaces/${workspace.id}`), "conflict");
  // Nor by a key.
  const byKey = await requestUnlimited(`/v1/members/${owner.id}`, { key: workspace.write, method: "DELETE" });
  expect(byKey.status).toBe(409);
  expect(await owners()).toEqual([owner.id]);
  const same = await owner.read("PATCH", `/v1/members/${owner.id}`, { json: { role: "owner" } });
  expect(same.role).toBe("owner");
});

test("of owners who remove, lower or leave one another at once, one is left each time", async () => {
  const browsers: Awaited<ReturnType<typeof memberOf>>[] = [];
  for (const n of [0, 1, 2, 3]) browsers.push(await memberOf(workspace, "owner", `owner ${n}`));
  const json = { role: "analyst" };
  const acts = browsers.flatMap((browser, n) => {
    const others = browsers.filter((other) => other !== browser);
    return [
      ...others.map((other) => browser.status("DELETE", `/v1/members/${other.id}`)),
      ...others.map((other) => browser.status("PATCH", `/v1/members/${other.id}`, { json })),
      ...(n % 2 ? [browser.status("DELETE", `/v1/session/workspaces/${workspace.id}`)] : []),
    ];
  });
  await Promise.all(acts);
  expect(await owners()).toHaveLength(1);
});

test("two owners who remove each other at once leave one", async () => {
  for (let round = 0; round < 10; round += 1) {
    workspace = await newWorkspace();
    const [one, two] = [await memberOf(workspace, "owner", "one"), await memberOf(workspace, "owner", "two")];
    const statuses = await Promise.all([
      one.status("DELETE", `/v1/members/${two.id}`),
      two.status("DELETE", `/v1/members/${one.id}`),
    ]);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(await owners()).toHaveLength(1);
  }
});

test("whoever is removed is out at once: sessions, links to sign in, and invitations that they made", async () => {
  const owner = await memberOf(workspace, "owner");
  const gone = await memberOf(workspace, "owner", "gone");
  const ref = await env.DB.prepare("SELECT ref FROM members WHERE id = ?1")
    .bind(gone.id)
    .first<number>("ref");
  const link = await linkOf("login", { memberRef: ref ?? 0 });
  const back = await gone.read("POST", "/v1/members/invitations", { json: { role: "owner" } });
  const kept = await owner.read("POST", "/v1/members/invitations", { json: { role: "editor" } });
  await owner.read("DELETE", `/v1/members/${gone.id}`);
  expect(await gone.status("GET", "/v1/session")).toBe(401);
  const stranger = new Browser();
  expect(await stranger.status("POST", "/v1/sessions", { json: { token: link } })).toBe(422);
  const json = { token: back.url.split("#")[1], name: "gone" };
  expect(await stranger.status("POST", "/v1/sessions", { json })).toBe(422);
  const { data } = await owner.read("GET", "/v1/members/invitations");
  expect(data.map(({ id }: { id: string }) => id)).toEqual([kept.id]);
  expect((await owner.read("GET", "/v1/members")).data).toHaveLength(1);
});

test("whoever is lowered keeps no invitation that they made as owner", async () => {
  const owner = await memberOf(workspace, "owner");
  const lowered = await memberOf(workspace, "owner", "lowered");
  const { url } = await lowered.read("POST", "/v1/members/invitations", { json: { role: "owner" } });
  await owner.read("PATCH", `/v1/members/${lowered.id}`, { json: { role: "editor" } });
  const json = { token: url.split("#")[1], name: "again" };
  expect(await new Browser().status("POST", "/v1/sessions", { json })).toBe(422);
  expect(await lowered.status("GET", "/v1/members/invitations")).toBe(403);
});

test("a stream that is open ends for whoever was removed, also where nothing changes", async () => {
  const owner = await memberOf(workspace, "owner");
  const gone = await memberOf(workspace, "analyst", "gone");
  const answer = await gone.send("GET", "/v1/scores/stream?touchpoint=checkout");
  expect(answer.status).toBe(200);
  const texts = new Response(answer.body).text();
  await owner.read("DELETE", `/v1/members/${gone.id}`);
  const text = await texts;
  expect(text.match(/^event: scores$/gm)).toHaveLength(1);
  // It ends at the next look, and not after its minutes.
  expect(text.match(/^:$/gm) ?? []).toEqual([]);
});

test("a removal is taken back for ten minutes, but its sessions are not", async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  const owner = await memberOf(workspace, "owner");
  const editor = await memberOf(workspace, "editor");
  const path = `/v1/members/${editor.id}`;
  await owner.read("DELETE", path);
  expect(await owner.status("DELETE", path)).toBe(404);
  expect((await owner.read("PATCH", path, { json: { role: "editor" } })).name).toBe("editor");
  expect(await editor.status("GET", "/v1/session")).toBe(401);
  await owner.read("DELETE", path);
  vi.setSystemTime(Date.now() + 10 * minuteMs);
  expect(await owner.status("PATCH", path, { json: { role: "editor" } })).toBe(404);
});

test("one leaves a workspace and stays in the others, signed in", async () => {
  const other = await newWorkspace();
  await memberOf(workspace, "owner", "stays");
  const owner = await memberOf(workspace, "owner");
  await owner.signIn(await linkOf("invitation", { workspace: other.ref, role: "analyst" }));
  await owner.read("DELETE", `/v1/session/workspaces/${workspace.id}`);
  const { workspaces } = await owner.read("GET", "/v1/session");
  expect(workspaces.map(({ id }: { id: string }) => id)).toEqual([other.id]);
  expect(await owner.status("GET", "/v1/surveys")).toBe(404);
  expect(await owner.status("DELETE", `/v1/session/workspaces/${workspace.id}`)).toBe(404);
});

test("an owner manages the members of their workspace alone", async () => {
  const mine = await memberOf(await newWorkspace(), "owner", "stranger");
  const editor = await memberOf(workspace, "editor");
  const owner = await memberOf(workspace, "owner");
  const { id } = await owner.read("POST", "/v1/members/invitations", { json: { role: "owner" } });
  for (const member of [editor.id, "mbr_0"]) {
    expect(await mine.status("DELETE", `/v1/members/${member}`)).toBe(404);
    expect(await mine.status("PATCH", `/v1/members/${member}`, { json: { role: "owner" } })).toBe(404);
  }
  expect(await mine.status("DELETE", `/v1/members/invitations/${id}`)).toBe(404);
  expect(await editor.status("GET", "/v1/session")).toBe(200);
});

test("everybody sees who is a member, and owners their addresses too", async () => {
  const owner = await memberOf(workspace, "owner");
  const analyst = await memberOf(workspace, "analyst");
  await env.DB.prepare("UPDATE members SET address = name || '@shop.example'").run();
  const emails = async (browser: Browser) =>
    (await browser.read("GET", "/v1/members")).data.map(({ email }: { email: string | null }) => email);
  expect(await emails(owner)).toEqual(["owner@shop.example", "analyst@shop.example"]);
  expect(await emails(analyst)).toEqual([null, null]);
  const read = await requestUnlimited("/v1/members", { key: workspace.read });
  expect(await read.text()).not.toContain("@");
});

test("an invitation is shown once, listed without its link, used once, and taken back", async () => {
  const owner = await memberOf(workspace, "owner");
  const made = await owner.read("POST", "/v1/members/invitations", { json: { role: "editor" } });
  expect(made).toMatchObject({ role: "editor", email: null, mailed: false, invited_by: owner.id });
  expect(made.url).toMatch(/^https:\/\/candor\.test\/app\/join#[0-9a-f]{64}$/);
  const { url, ...listed } = made;
  expect((await owner.read("GET", "/v1/members/invitations")).data).toEqual([listed]);
  const joined = await new Browser().signIn(url.split("#")[1], "Tom");
  expect(joined.workspaces[0]).toMatchObject({ id: workspace.id, role: "editor" });
  expect((await owner.read("GET", "/v1/members/invitations")).data).toEqual([]);
  const other = await owner.read("POST", "/v1/members/invitations", { json: { role: "owner" } });
  await owner.read("DELETE", `/v1/members/invitations/${other.id}`);
  const json = { token: other.url.split("#")[1], name: "Eve" };
  expect(await new Browser().status("POST", "/v1/sessions", { json })).toBe(422);
});

const renew = (by: Browser, id: string) => by.read("POST", `/v1/members/invitations/${id}/renew`);
const joins = (url: string, name: string) =>
  new Browser().status("POST", "/v1/sessions", { json: { token: url.split("#")[1], name } });

test("an invitation that got lost is made anew, and by the link before nobody joins", async () => {
  const owner = await memberOf(workspace, "owner");
  const other = await memberOf(workspace, "owner", "other");
  const lost = await owner.read("POST", "/v1/members/invitations", { json: { role: "editor" } });
  const { url, ...renewed } = await renew(other, lost.id);
  expect(renewed).toMatchObject({ role: "editor", email: null, mailed: false, invited_by: other.id });
  expect(url).toMatch(/^https:\/\/candor\.test\/app\/join#[0-9a-f]{64}$/);
  expect((await owner.read("GET", "/v1/members/invitations")).data).toEqual([renewed]);
  expect(await joins(lost.url, "Eve")).toBe(422);
  expect(await joins(url, "Tom")).toBe(201);
  const { data } = await owner.read("GET", "/v1/audit?what=invitation.renewed");
  expect(data).toMatchObject([
    {
      by: { id: other.id },
      thing: renewed.id,
      changes: [{ field: "invitation", before: lost.id, after: renewed.id }],
    },
  ]);
});

test("an invitation that was used, taken back, made anew, ended or another's is not made anew", async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  const owner = await memberOf(workspace, "owner");
  const stranger = await memberOf(await newWorkspace(), "owner", "stranger");
  const invite = () => owner.read("POST", "/v1/members/invitations", { json: { role: "editor" } });
  const refused = async (by: Browser, id: string) =>
    await expectProblem(await by.send("POST", `/v1/members/invitations/${id}/renew`), "not-found");
  const open = await invite();
  await refused(stranger, open.id);
  const used = await invite();
  expect(await joins(used.url, "Tom")).toBe(201);
  const back = await invite();
  await owner.read("DELETE", `/v1/members/invitations/${back.id}`);
  const renewed = await invite();
  const { id } = await renew(owner, renewed.id);
  for (const gone of [used, back, renewed, { id: "otl_0" }]) await refused(owner, gone.id);
  vi.setSystemTime(Date.now() + 7 * dayMs);
  for (const ended of [open.id, id]) await refused(owner, ended);
  expect((await owner.read("GET", "/v1/members/invitations")).data).toEqual([]);
});

test("of two who make an invitation anew at once, one does", async () => {
  const owner = await memberOf(workspace, "owner");
  const { id } = await owner.read("POST", "/v1/members/invitations", { json: { role: "editor" } });
  const path = `/v1/members/invitations/${id}/renew`;
  const statuses = await Promise.all([1, 2, 3].map(() => owner.status("POST", path)));
  expect(statuses.sort()).toEqual([201, 404, 404]);
  expect((await owner.read("GET", "/v1/members/invitations")).data).toHaveLength(1);
});

test("where a hundred invitations are open one is made anew, but not over and over", async () => {
  const owner = await memberOf(workspace, "owner");
  const invite = () => owner.status("POST", "/v1/members/invitations", { json: { role: "editor" } });
  for (let n = 0; n < 100; n += 1) expect(await invite()).toBe(201);
  expect(await invite()).toBe(409);
  // An hour later only those count that are made or ended from now on.
  await env.DB.exec("UPDATE one_time_links SET created_at = created_at - 3600000");
  const { data } = await owner.read("GET", "/v1/members/invitations");
  const second = await renew(owner, data[0].id);
  const third = await renew(owner, second.id);
  await expectProblem(await owner.send("POST", `/v1/members/invitations/${third.id}/renew`), "conflict");
  // What was refused ended nothing.
  expect((await owner.read("GET", "/v1/members/invitations")).data).toHaveLength(100);
});

test("owners see when a member was last there, unless it would tell of another workspace", async () => {
  const owner = await memberOf(workspace, "owner");
  const analyst = await memberOf(workspace, "analyst");
  const seen = async (browser: Browser) =>
    (await browser.read("GET", "/v1/members")).data.map(
      ({ last_seen_at }: { last_seen_at: string | null }) => last_seen_at,
    );
  const known = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
  expect(await seen(owner)).toEqual([known, known]);
  expect(await seen(analyst)).toEqual([null, null]);
  const other = await newWorkspace();
  await analyst.signIn(await linkOf("invitation", { workspace: other.ref, role: "analyst" }));
  expect(await seen(owner)).toEqual([known, null]);
  await analyst.read("DELETE", `/v1/session/workspaces/${other.id}`);
  expect(await seen(owner)).toEqual([known, known]);
  await analyst.read("DELETE", "/v1/session");
  expect(await seen(owner)).toEqual([known, null]);
});
