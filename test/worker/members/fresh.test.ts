import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { minuteMs } from "../../../shared/time/durations.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";
import { Authenticator } from "./authenticator.ts";
import { Browser, linkOf, mailbox, memberOf } from "./browser.ts";

const noon = Date.parse("2026-12-01T12:00:00Z");

let workspace: TestWorkspace;
let box: ReturnType<typeof mailbox>;
let owner: Awaited<ReturnType<typeof memberOf>>;
beforeEach(async () => {
  vi.useFakeTimers({ now: noon, toFake: ["Date"] });
  workspace = await newWorkspace();
  box = mailbox();
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await requestUnlimited("/v1/workspace", { method: "PATCH", key: workspace.write, json: { mail } });
  owner = Object.assign(await memberOf(workspace, "owner", "Mara"), { bindings: box.bindings });
});
afterEach(() => {
  vi.useRealTimers();
});

const addPasskey = async (browser: Browser) => {
  const key = await Authenticator.make();
  const options = await browser.read("POST", "/v1/passkeys/challenge");
  const credential = await key.create(options);
  expect(await browser.status("POST", "/v1/passkeys", { json: { name: "Laptop", credential } })).toBe(201);
  return key;
};
const proveAddress = async (email: string) => {
  await owner.read("POST", "/v1/session/email", { json: { email } });
  const token = box.mails.find(({ to, text }) => to === email && text.includes("/app/address#"))?.token;
  await owner.read("POST", "/v1/session/email/confirmation", { json: { token } });
};

test("what outlives a session needs one that began within 15 minutes, also where it is in use all along", async () => {
  await memberOf(workspace, "owner", "other");
  const asked = () =>
    [
      ["POST", "/v1/passkeys/challenge", undefined],
      ["POST", "/v1/session/email", { email: "mara@shop.example" }],
      ["DELETE", "/v1/session/member", undefined],
    ] as const;
  vi.setSystemTime(noon + 15 * minuteMs);
  const key = await addPasskey(owner);
  vi.setSystemTime(noon + 15 * minuteMs + 1);
  for (const [method, path, json] of asked())
    await expectProblem(await owner.send(method, path, { json }), "sign-in-again");
  expect(box.mails).toEqual([]);
  const options = await owner.read("POST", "/v1/sessions/passkeys/challenge");
  await owner.read("POST", "/v1/sessions/passkeys", {
    json: { credential: await key.get({ ...options, counter: 1 }) },
  });
  for (const [method, path, json] of asked())
    expect(await owner.status(method, path, { json }), path).toBeLessThan(300);
});

test("to join by an invitation makes no session that somebody found open a fresh one, nor another one", async () => {
  const analyst = await memberOf(workspace, "analyst", "Ann");
  const other = await newWorkspace();
  vi.setSystemTime(noon + 60 * minuteMs);
  const own = await owner.read("POST", "/v1/members/invitations", { json: { role: "analyst" } });
  const links = [
    [owner, own.url.split("#")[1]],
    [analyst, await linkOf("invitation", { workspace: other.ref, role: "analyst", madeBy: "mbr_other" })],
    [analyst, await linkOf("setup", { workspace: other.ref, role: "owner" })],
  ] as const;
  for (const [member, token] of links) {
    const before = member.token;
    expect((await member.signIn(token)).session).toBe(member.session);
    expect(member.token).toBe(before);
    expect(await member.status("POST", "/v1/sessions", { json: { token } })).toBe(422);
    await expectProblem(await member.send("POST", "/v1/passkeys/challenge"), "sign-in-again");
  }
  const { workspaces } = await analyst.read("GET", "/v1/session");
  expect(workspaces.map(({ id }: { id: string }) => id).sort()).toEqual([workspace.id, other.id].sort());
});

test("nor does such a moment last by a secret key or an owner of the finder's own, and keys need no fresh session", async () => {
  const editor = await memberOf(workspace, "editor");
  const asked = (role: string, kind: string) =>
    [
      ["POST", "/v1/keys", { name: "mine", kind }],
      ["POST", "/v1/members/invitations", { role }],
      ["PATCH", `/v1/members/${editor.id}`, { role }],
    ] as const;
  vi.setSystemTime(noon + 60 * minuteMs);
  for (const [method, path, json] of asked("owner", "secret"))
    await expectProblem(await owner.send(method, path, { json }), "sign-in-again");
  for (const [method, path, json] of asked("editor", "publishable"))
    expect(await owner.status(method, path, { json }), path).toBeLessThan(300);
  for (const [method, path, json] of asked("owner", "secret"))
    expect((await requestUnlimited(path, { method, key: workspace.write, json })).status, path).toBeLessThan(
      300,
    );
});

test("whoever reads the address before is told that it was replaced, and not by whom or by which", async () => {
  await proveAddress("old@shop.example");
  expect(box.mails.map(({ to }) => to)).toEqual(["old@shop.example"]);
  await proveAddress("new@shop.example");
  const [, , told] = box.mails;
  expect(box.mails.map(({ to }) => to)).toEqual(["old@shop.example", "new@shop.example", "old@shop.example"]);
  expect(told?.text).toContain("go to another address");
  expect(told?.text).not.toContain("new@");
  // The same address once more replaces nothing.
  await proveAddress("new@shop.example").catch(() => undefined);
  expect(box.mails.filter(({ text }) => text.includes("go to another address"))).toHaveLength(1);
});

test("to sign out everywhere removes the passkeys where one says so, as somebody else might have added one", async () => {
  const signsIn = async (key: Authenticator, counter: number) => {
    const options = await new Browser().read("POST", "/v1/sessions/passkeys/challenge");
    const json = { credential: await key.get({ ...options, counter }) };
    return new Browser().status("POST", "/v1/sessions/passkeys", { json });
  };
  const key = await addPasskey(owner);
  await owner.read("DELETE", "/v1/sessions?keep=this");
  expect(await signsIn(key, 1)).toBe(201);
  await owner.read("DELETE", "/v1/sessions?keep=this&passkeys=remove");
  expect(await signsIn(key, 2)).toBe(422);
  expect((await owner.read("GET", "/v1/passkeys")).data).toEqual([]);
  expect(await owner.status("DELETE", "/v1/sessions?passkeys=keep")).toBe(422);
  // The command is what is left.
  const ref = (await workspace.db.first<{ ref: number }>("SELECT ref FROM members"))?.ref ?? 0;
  await new Browser().signIn(await linkOf("login", { memberRef: ref }));
});
