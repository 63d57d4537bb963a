import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { expectProblem } from "../problems.ts";
import { newWorkspace, type TestWorkspace } from "../workspace.ts";
import { Browser, linkOf, memberOf } from "./browser.ts";

let workspace: TestWorkspace;
let owner: Awaited<ReturnType<typeof memberOf>>;
beforeEach(async () => {
  workspace = await newWorkspace();
  owner = await memberOf(workspace, "owner", "stays");
});

const refOf = (id: string) =>
  env.DB.prepare("SELECT ref FROM members WHERE id = ?1").bind(id).first<number>("ref");
const loginOf = async (id: string) => linkOf("login", { memberRef: (await refOf(id)) ?? 0 });
const usable = (token: string) =>
  new Browser()
    .send("POST", "/v1/one-time-links/read", { json: { token } })
    .then(({ status }) => status === 200);
const leave = (browser: Browser) => browser.status("DELETE", "/v1/session/member");
const acts = async (browser: Browser, thing: string) =>
  (await browser.read("GET", `/v1/audit?thing=${thing}`)).data.map((one: { what: string }) => one.what);

test("one is in another workspace still, after the owner of one has removed one there", async () => {
  const other = await newWorkspace();
  const member = await memberOf(workspace, "editor");
  await member.signIn(await linkOf("invitation", { workspace: other.ref, role: "analyst" }));
  const link = await loginOf(member.id);
  await owner.read("DELETE", `/v1/members/${member.id}`);
  const { workspaces } = await member.read("GET", "/v1/session");
  expect(workspaces.map(({ id }: { id: string }) => id)).toEqual([other.id]);
  expect(await member.status("GET", "/v1/surveys")).toBe(404);
  expect(await usable(link)).toBe(true);
});

test("whoever left by themselves is not brought back without being asked", async () => {
  const member = await memberOf(workspace, "editor");
  await member.read("DELETE", `/v1/session/workspaces/${workspace.id}`);
  const json = { role: "editor" };
  expect(await owner.status("PATCH", `/v1/members/${member.id}`, { json })).toBe(404);
  await member.signIn(await linkOf("invitation", { workspace: workspace.ref, role: "analyst" }));
  expect((await member.read("GET", "/v1/session")).workspaces).toMatchObject([{ role: "analyst" }]);
});

test("one deletes one's account, everywhere, and the log keeps an id that is nobody's", async () => {
  const other = await newWorkspace();
  const stranger = await memberOf(other, "owner", "stranger");
  const member = await memberOf(workspace, "owner", "canary-name");
  await member.signIn(await linkOf("invitation", { workspace: other.ref, role: "editor" }));
  await env.DB.prepare("UPDATE members SET address = 'canary@shop.example' WHERE id = ?1")
    .bind(member.id)
    .run();
  await env.DB.prepare(
    "INSERT INTO passkeys (id, member_ref, public_key, counter, transports, name, created_at) VALUES ('k', ?1, 'x', 0, '[]', 'canary-key', 0)",
  )
    .bind(await refOf(member.id))
    .run();
  const link = await loginOf(member.id);
  const { url } = await member.read("POST", "/v1/members/invitations", { json: { role: "owner" } });
  const copy = Object.assign(new Browser(workspace.id), { token: member.token });
  expect(await leave(member)).toBe(204);
  expect(member.token).toBeNull();
  expect(await copy.status("GET", "/v1/session")).toBe(401);
  expect(await usable(link)).toBe(false);
  expect(await usable(url.split("#")[1])).toBe(false);
  for (const table of ["members", "memberships", "sessions", "passkeys", "audit_entries"]) {
    const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
    expect(JSON.stringify(results), table).not.toContain("canary");
  }
  for (const there of [owner, stranger]) {
    expect(await acts(there, member.id)).toEqual(["member.left", "member.joined"]);
    const { data } = await there.read("GET", `/v1/audit?by=${member.id}&what=member.left`);
    expect(data).toMatchObject([{ by: { id: member.id, name: null } }]);
  }
  expect((await owner.read("GET", "/v1/members")).data).toHaveLength(1);
});

test("whoever is the only owner of a workspace does not, and stays in all of them", async () => {
  const other = await newWorkspace();
  await memberOf(other, "owner", "other");
  await owner.signIn(await linkOf("invitation", { workspace: other.ref, role: "owner" }));
  await expectProblem(await owner.send("DELETE", "/v1/session/member"), "conflict");
  expect((await owner.read("GET", "/v1/session")).workspaces).toHaveLength(2);
  expect(await acts(owner, owner.id)).toEqual(["member.joined"]);
});

test("of owners who delete their accounts at once, one is left", async () => {
  const browsers = [
    owner,
    await memberOf(workspace, "owner", "two"),
    await memberOf(workspace, "owner", "three"),
  ];
  expect((await Promise.all(browsers.map(leave))).sort()).toEqual([204, 204, 409]);
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM members").first("n")).toBe(1);
});
