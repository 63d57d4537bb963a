import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { OneTimeLink } from "../../../shared/contract/members/sessions.ts";
import { dayMs, hourMs } from "../../../shared/time/durations.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, type TestWorkspace } from "../workspace.ts";
import { Browser, linkOf, memberOf } from "./browser.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const setUp = (now?: number) => linkOf("setup", { workspace: workspace.ref, role: "owner" }, now);
const count = (table: string) => env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first<number>("n");

test("whoever follows the set-up link is owner, and signed in where they followed it", async () => {
  const token = await setUp();
  const browser = new Browser();
  const link = OneTimeLink.parse(await browser.read("POST", "/v1/one-time-links/read", { json: { token } }));
  expect(link).toMatchObject({ purpose: "setup", workspace: "Test", role: "owner", needs_name: true });
  const json = { token, name: "Mara Keller", locale: "de", time_zone: "Europe/Berlin" };
  const made = await browser.read("POST", "/v1/sessions", { json });
  expect(made).toMatchObject({
    member: { name: "Mara Keller", email: null, locale: "de", time_zone: "Europe/Berlin" },
    workspaces: [{ id: workspace.id, name: "Test", role: "owner", is_only_owner: true }],
  });
  expect(await browser.read("GET", "/v1/session")).toEqual(made);
});

test("the cookie is for this host, https and no script, and its token is stored nowhere", async () => {
  const browser = new Browser();
  const token = await setUp();
  const answer = await browser.send("POST", "/v1/sessions", { json: { token, name: "Mara" } });
  expect(answer.headers.get("set-cookie")).toMatch(
    /^__Host-session=[0-9a-f]{64}; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  expect(answer.headers.get("cache-control")).toBe("private, no-store");
  const { results } = await env.DB.prepare("SELECT * FROM sessions").all();
  expect(JSON.stringify(results)).not.toContain(browser.token);
  expect((await env.DB.prepare("SELECT hash FROM sessions").first<string>("hash"))?.length).toBe(64);
});

test("on plain http of the loopback, where Safari refuses a secure cookie, it has another name", async () => {
  const token = await setUp();
  const url = "http://localhost:8787/v1/sessions";
  const headers = { origin: "http://localhost:8787" };
  const answer = await new Browser().send("POST", url, { json: { token, name: "Mara" }, headers });
  const [cookie = ""] = answer.headers.get("set-cookie")?.split(";") ?? [];
  expect(answer.headers.get("set-cookie")).toMatch(
    /^session=[0-9a-f]{64}; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const session = "http://localhost:8787/v1/session";
  expect(await new Browser().status("GET", session, { headers: { cookie } })).toBe(200);
  // A secure host does not take the cookie that anybody on plain http could have planted.
  const planted = { headers: { cookie } };
  expect(await new Browser().status("GET", "https://candor.test/v1/session", planted)).toBe(401);
});

test("a link that was used, is too late or unknown is refused alike, to the letter", async () => {
  const used = await setUp();
  await new Browser().signIn(used, "Mara");
  const late = await setUp(Date.now() - hourMs);
  const bodies = [];
  for (const token of [used, late, "A".repeat(43), ""]) {
    for (const path of ["/v1/sessions", "/v1/one-time-links/read"]) {
      const json = { token, ...(path === "/v1/sessions" && { name: "Eve" }) };
      const answer = await new Browser().send("POST", path, { json });
      expect(answer.headers.get("set-cookie")).toBeNull();
      bodies.push({ ...(await expectProblem(answer, "invalid-input", ["/token"])), request_id: "" });
    }
  }
  for (const body of bodies) expect(body).toEqual(bodies[0]);
  expect(await count("members")).toBe(1);
});

test("of many who use one link at once, one gets in", async () => {
  const token = await setUp();
  const tries = Array.from({ length: 10 }, (_, n) =>
    new Browser().status("POST", "/v1/sessions", { json: { token, name: `n${n}` } }),
  );
  expect((await Promise.all(tries)).sort()).toEqual([201, ...new Array(9).fill(422)]);
  for (const table of ["members", "memberships", "sessions"]) expect(await count(table)).toBe(1);
});

test("reading what a link is for does not use it, and whoever did not ask for it ends it", async () => {
  const token = await setUp();
  const browser = new Browser();
  for (const _ of [1, 2]) await browser.read("POST", "/v1/one-time-links/read", { json: { token } });
  expect(await browser.status("GET", `/v1/sessions?token=${token}`)).toBe(401);
  await browser.read("POST", "/v1/one-time-links/end", { json: { token } });
  expect(await browser.status("POST", "/v1/sessions", { json: { token, name: "Mara" } })).toBe(422);
});

test("a new member says a name, and the link works still after they forgot it", async () => {
  const token = await setUp();
  const answer = await new Browser().send("POST", "/v1/sessions", { json: { token } });
  await expectProblem(answer, "invalid-input", ["/name"]);
  await new Browser().signIn(token, "Mara");
});

test("a sign-in makes a new token, and whatever was planted before opens nothing", async () => {
  // Somebody has a session, and plants its cookie in a browser before its owner signs in.
  const attacker = await memberOf(workspace, "analyst");
  const victim = new Browser(workspace.id);
  victim.token = attacker.token;
  const { rows } = (await env.DB.prepare("SELECT ref AS rows FROM members").first<{ rows: number }>()) ?? {
    rows: 0,
  };
  await victim.signIn(await linkOf("login", { memberRef: rows }));
  expect(victim.token).not.toBe(attacker.token);
  expect(await attacker.status("GET", "/v1/session")).toBe(401);
  // Nor does a made-up token become one.
  const other = new Browser();
  other.token = "A".repeat(43);
  await other.signIn(await setUp(), "Ann");
  expect(other.token).not.toBe("A".repeat(43));
});

test("a network has five tries a minute, whatever it tries, and the next minute five more", async () => {
  const headers = { "cf-connecting-ip": "203.0.113.9" };
  const attempt = (token: string, from = headers) =>
    new Browser().status("POST", "/v1/sessions", { json: { token, name: "Eve" }, headers: from });
  const tries = await Promise.all(Array.from({ length: 20 }, (_, n) => attempt(`guess-${n}`)));
  expect(tries.filter((status) => status === 422)).toHaveLength(5);
  expect(tries.filter((status) => status === 429)).toHaveLength(15);
  const good = await setUp();
  expect(await attempt(good)).toBe(429);
  expect(await attempt(good, { "cf-connecting-ip": "203.0.113.10" })).toBe(201);
  const stored = JSON.stringify((await env.DB.prepare("SELECT * FROM sign_in_tries").all()).results);
  expect(stored).not.toContain("203.0.113");
  await env.DB.exec("UPDATE sign_in_tries SET ends_at = 0");
  expect(await attempt("again")).toBe(422);
});

test("whoever is signed in joins a second workspace as the same member, and keeps a role that they have", async () => {
  const other = await newWorkspace();
  const owner = await memberOf(workspace, "owner");
  const analyst = { workspace: workspace.ref, role: "analyst" as const };
  await owner.signIn(await linkOf("invitation", { workspace: other.ref, role: "editor" }));
  // By this one the only owner would make themselves less.
  const { workspaces } = await owner.signIn(await linkOf("invitation", analyst));
  expect(workspaces.map(({ id, role }) => [id, role]).sort()).toEqual(
    [
      [workspace.id, "owner"],
      [other.id, "editor"],
    ].sort(),
  );
  expect(await count("members")).toBe(1);
});

test("an invitation that was shown to its maker signs in as nobody, whatever address it names", async () => {
  const address = "victim@shop.example";
  const victim = await memberOf(workspace, "owner", "Victim");
  await env.DB.prepare("UPDATE members SET address = ?1").bind(address).run();
  const mine = await newWorkspace();
  const invitation = { workspace: mine.ref, role: "owner" as const, address };
  const shown = await new Browser().signIn(await linkOf("invitation", invitation), "Eve");
  expect(shown.member).toMatchObject({ name: "Eve", email: null });
  expect(shown.workspaces.map(({ id }) => id)).toEqual([mine.id]);
  // Where only the mailbox has seen the link, it is its owner.
  const mailed = await new Browser().signIn(await linkOf("invitation", { ...invitation, mailed: true }));
  expect(mailed.member).toMatchObject({ name: "Victim", email: address });
  expect(mailed.workspaces).toHaveLength(2);
  expect(mailed.member.id).toBe(victim.id);
});

test("a mailed invitation of somebody new proves their address", async () => {
  const address = "new@shop.example";
  const given = { workspace: workspace.ref, role: "editor" as const, address, mailed: true };
  const { member } = await new Browser().signIn(await linkOf("invitation", given), "New");
  expect(member.email).toBe(address);
});

test("what has ended is forgotten after a day at most", async () => {
  const { forgetEnded } = await import("../../../worker/members/db/sessions.ts");
  await memberOf(workspace, "owner");
  await setUp();
  expect(await forgetEnded(workspace.db, Date.now(), 100)).toBe(false);
  for (const table of ["sessions", "one_time_links", "sign_in_tries"])
    expect(await count(table), table).toBeGreaterThan(0);
  await forgetEnded(workspace.db, Date.now() + 91 * dayMs, 100);
  for (const table of ["sessions", "one_time_links", "sign_in_tries"])
    expect(await count(table), table).toBe(0);
  expect(await count("members")).toBe(1);
});
