import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { expectProblem } from "../problems.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";
import { Browser, mailbox, memberOf } from "./browser.ts";

const address = "mara@shop.example";

let workspace: TestWorkspace;
let box: ReturnType<typeof mailbox>;
beforeEach(async () => {
  workspace = await newWorkspace();
  box = mailbox();
  await sendBy(workspace, "feedback@shop.example");
});

async function sendBy({ write }: TestWorkspace, from: string) {
  const mail = { from: { address: from, name: "Shop" }, postal_address: "1 Main Street" };
  await requestUnlimited("/v1/workspace", { method: "PATCH", key: write, json: { mail } });
}

type Member = Awaited<ReturnType<typeof memberOf>>;
const withMail = (member: Member): Member => Object.assign(member, { bindings: box.bindings });
const owner = async (name: string) => withMail(await memberOf(workspace, "owner", name));
/** An owner whose address is proven, as if long ago. */
async function mara(): Promise<Member> {
  const member = await owner("Mara");
  await env.DB.prepare("UPDATE members SET address = ?1 WHERE id = ?2").bind(address, member.id).run();
  return member;
}
const ask = (email: string) =>
  new Browser(null, box.bindings).status("POST", "/v1/login-links", { json: { email } });
const invite = (by: Browser, email: string) =>
  by.status("POST", "/v1/members/invitations", { json: { role: "analyst", email } });
const confirm = (by: Browser, email: string) => by.status("POST", "/v1/session/email", { json: { email } });

test("one address gets three mails to sign in an hour, whoever asks, and however the links before are ended", async () => {
  const member = await mara();
  for (const _ of [1, 2, 3]) {
    expect(await ask(address)).toBe(202);
    const json = { token: box.mails.at(-1)?.token };
    expect(await new Browser().status("POST", "/v1/one-time-links/end", { json })).toBe(204);
  }
  await member.read("DELETE", "/v1/sessions?keep=this");
  expect(await ask(address)).toBe(202);
  expect(box.mails).toHaveLength(3);
  expect(
    await env.DB.prepare("SELECT COUNT(*) AS n FROM one_time_links WHERE purpose = 'login'").first("n"),
  ).toBe(3);
});

test("what one mails to an address is not counted anew after one was lowered and raised", async () => {
  const other = await mara();
  const inviting = await owner("inviting");
  for (const _ of [1, 2, 3]) {
    expect(await invite(inviting, "tom@shop.example")).toBe(201);
    for (const role of ["editor", "owner"])
      await other.read("PATCH", `/v1/members/${inviting.id}`, { json: { role } });
  }
  expect(await invite(inviting, "tom@shop.example")).toBe(409);
  expect(box.mails).toHaveLength(3);
});

test("a mailed invitation is mailed anew, shown to nobody, and as seldom as others to its address", async () => {
  const one = await owner("one");
  const json = { role: "analyst", email: "tom@shop.example" };
  let { id } = await one.read("POST", "/v1/members/invitations", { json });
  const tokens = [box.mails[0]?.token];
  for (const _ of [1, 2]) {
    const renewed = await one.read("POST", `/v1/members/invitations/${id}/renew`);
    expect(renewed).toMatchObject({ ...json, mailed: true, url: null });
    id = renewed.id;
    tokens.push(box.mails.at(-1)?.token);
  }
  expect(box.mails.map(({ to }) => to)).toEqual(Array(3).fill(json.email));
  expect(box.mails.map(({ text }) => text.includes("the one before no more"))).toEqual([false, true, true]);
  await expectProblem(await one.send("POST", `/v1/members/invitations/${id}/renew`), "conflict");
  expect(box.mails).toHaveLength(3);
  const joins = (token: string | undefined) =>
    new Browser().status("POST", "/v1/sessions", { json: { token, name: "Tom" } });
  expect([await joins(tokens[0]), await joins(tokens[1]), await joins(tokens[2])]).toEqual([422, 422, 201]);
  // The mail proved the address.
  const { data } = await one.read("GET", "/v1/members");
  expect(data.map(({ email }: { email: string | null }) => email)).toContain(json.email);
});

test("others' mails to an address neither show nor use up anything: not whether it is a member's, nor a sign-in", async () => {
  await mara();
  const eve = await owner("Eve");
  const tom = await owner("Tom");
  const outcomes = async (email: string) => {
    for (const _ of [1, 2, 3, 4]) await ask(email);
    const theirs = [await confirm(eve, email), await invite(eve, email), await confirm(eve, email)];
    return [...theirs, await confirm(eve, email), await invite(eve, email), await confirm(tom, email)];
  };
  const told = [202, 201, 202, 429, 409, 202];
  expect(await outcomes(address)).toEqual(told);
  expect(await outcomes("nobody@shop.example")).toEqual(told);
  const toSignIn = box.mails.filter(({ to, text }) => to === address && text.includes("/app/login#"));
  expect(toSignIn).toHaveLength(3);
});

test("others' confirmations of an address leave its owner the mails to sign in", async () => {
  await mara();
  for (const name of ["one", "two"]) {
    const other = await owner(name);
    for (const _ of [1, 2, 3, 4]) await confirm(other, address);
  }
  expect(box.mails).toHaveLength(6);
  await ask(address);
  expect(box.mails.at(-1)?.text).toContain("/app/login#");
});

test("one member has ten mails an hour sent, also of many at once", async () => {
  const one = await owner("one");
  const other = await owner("other");
  const tries = Array.from({ length: 15 }, (_, n) => invite(one, `a${n}@shop.example`));
  const statuses = await Promise.all(tries);
  expect(statuses.filter((status) => status === 201)).toHaveLength(10);
  expect(statuses.filter((status) => status === 409)).toHaveLength(5);
  expect(box.mails).toHaveLength(10);
  expect(await confirm(one, "a@shop.example")).toBe(429);
  expect(await one.status("POST", "/v1/members/invitations", { json: { role: "analyst" } })).toBe(201);
  expect(await invite(other, "a0@shop.example")).toBe(201);
  await env.DB.exec("UPDATE one_time_links SET created_at = created_at - 3600000");
  expect(await invite(one, "a@shop.example")).toBe(201);
});

test("what strangers' workspaces send by does not carry links to members", async () => {
  const member = await mara();
  const other = await newWorkspace();
  await sendBy(other, "eve@evil.example");
  const eve = await memberOf(other, "owner", "Eve");
  const senders: string[] = [];
  const MAIL: SendEmail = {
    send: async (sent: object) => {
      senders.push(String(Reflect.get(sent, "from")));
      return { messageId: "1" };
    },
  };
  for (const inviting of [eve, member]) {
    Object.assign(inviting, { bindings: { MAIL, MAIL_URL: "" } });
    await invite(inviting, "tom@shop.example");
  }
  expect(senders).toEqual(["feedback@shop.example", "feedback@shop.example"]);
});

test("nor where the first workspace has no sender: then no link is mailed, which is said", async () => {
  const member = await mara();
  await env.DB.exec("UPDATE workspaces SET mail = NULL");
  const other = await newWorkspace();
  await sendBy(other, "eve@evil.example");
  const json = { role: "analyst", email: "tom@shop.example" };
  const made = await member.read("POST", "/v1/members/invitations", { json });
  expect(made).toMatchObject({ mailed: false, url: expect.stringContaining("/app/join#") });
  const asked = await new Browser(null, box.bindings).send("POST", "/v1/login-links", {
    json: { email: address },
  });
  expect((await expectProblem(asked, "conflict")).detail).toContain("the first workspace has no sender");
  const confirmed = await member.send("POST", "/v1/session/email", { json: { email: address } });
  await expectProblem(confirmed, "conflict");
  expect(box.mails).toEqual([]);
});
