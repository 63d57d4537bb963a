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
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await requestUnlimited("/v1/workspace", { method: "PATCH", key: workspace.write, json: { mail } });
});

const browser = () => new Browser(workspace.id, box.bindings);
const ask = async (email: string) => {
  const answer = await browser().send("POST", "/v1/login-links", { json: { email } });
  return [answer.status, await answer.text(), [...answer.headers.keys()].sort()];
};

async function mara() {
  const member = await memberOf(workspace, "owner", "Mara");
  Object.assign(member.bindings, box.bindings);
  await member.read("POST", "/v1/session/email", { json: { email: "Mara@Shop.example" } });
  const token = box.mails.at(-1)?.token ?? "";
  await member.read("POST", "/v1/session/email/confirmation", { json: { token } });
  box.mails.length = 0;
  return member;
}

test("a link comes by mail to whoever has proven the address, and signs in once, where it is confirmed", async () => {
  const member = await mara();
  expect((await ask("MARA@shop.example"))[0]).toBe(202);
  const [mail] = box.mails;
  expect(mail).toMatchObject({ to: address });
  expect(mail?.text).toContain("https://candor.test/app/login#");
  const signed = await browser().signIn(mail?.token ?? "");
  expect(signed.member).toMatchObject({ id: member.id, email: address });
  const json = { token: mail?.token };
  expect(await browser().status("POST", "/v1/sessions", { json })).toBe(422);
});

test("an address that nobody has is answered alike, to the letter, and nothing is sent", async () => {
  await mara();
  expect(await ask("nobody@shop.example")).toEqual(await ask(address));
  expect(box.mails.map(({ to }) => to)).toEqual([address]);
});

test("it is looked up after the answer, so that the answer takes as long for everybody", async () => {
  await mara();
  const member = browser();
  const statements: string[] = [];
  const seen = new Proxy(env.DB, {
    get: (d1, name) =>
      name === "prepare"
        ? (sql: string) => {
            statements.push(sql);
            return d1.prepare(sql);
          }
        : Reflect.get(d1, name).bind(d1),
  });
  const before = async (email: string) => {
    statements.length = 0;
    await member.send("POST", "/v1/login-links", { json: { email }, d1: seen });
    return statements.slice(0, 2).map((sql) => /sign_in_tries|workspaces|members/.exec(sql)?.[0]);
  };
  for (const email of [address, "nobody@shop.example"])
    expect(await before(email)).toEqual(["sign_in_tries", "workspaces"]);
});

test("without a way to send, that is said to everybody", async () => {
  const answer = await new Browser(null, { MAIL_URL: "" }).send("POST", "/v1/login-links", {
    json: { email: address },
  });
  await expectProblem(answer, "conflict");
});

test("an address is proven in its member's own session alone", async () => {
  const eve = await memberOf(workspace, "analyst", "Eve");
  Object.assign(eve.bindings, box.bindings);
  await eve.read("POST", "/v1/session/email", { json: { email: address } });
  const token = box.mails[0]?.token ?? "";
  // Whoever has the mailbox confirms it, elsewhere or as somebody else: Eve must not become them.
  expect(await browser().status("POST", "/v1/sessions", { json: { token, name: "Mara" } })).toBe(422);
  const other = await memberOf(workspace, "editor", "Mara");
  expect(await other.status("POST", "/v1/session/email/confirmation", { json: { token } })).toBe(422);
  expect((await eve.read("GET", "/v1/session")).member.email).toBeNull();
  expect((await other.read("GET", "/v1/session")).member.email).toBeNull();
  await eve.read("POST", "/v1/session/email/confirmation", { json: { token } });
  expect(await eve.status("POST", "/v1/session/email/confirmation", { json: { token } })).toBe(422);
});

test("an address is one member's, and stays theirs", async () => {
  const member = await mara();
  const eve = await memberOf(workspace, "analyst", "Eve");
  Object.assign(eve.bindings, box.bindings);
  await eve.read("POST", "/v1/session/email", { json: { email: address } });
  const json = { token: box.mails[0]?.token };
  expect(await eve.status("POST", "/v1/session/email/confirmation", { json })).toBe(422);
  expect((await member.read("GET", "/v1/session")).member.email).toBe(address);
});

test("a link to an address that its member has given up signs in no more", async () => {
  const member = await mara();
  await ask(address);
  const old = box.mails[0]?.token;
  await member.read("POST", "/v1/session/email", { json: { email: "new@shop.example" } });
  const json = { token: box.mails.at(-1)?.token };
  await member.read("POST", "/v1/session/email/confirmation", { json });
  expect(await browser().status("POST", "/v1/sessions", { json: { token: old } })).toBe(422);
});

test("an invitation by mail shows its link to nobody but the mailbox", async () => {
  const member = await mara();
  const json = { role: "editor", email: "Tom@shop.example" };
  const made = await member.read("POST", "/v1/members/invitations", { json });
  expect(made).toMatchObject({ email: "tom@shop.example", mailed: true, url: null });
  expect(box.mails.map(({ to }) => to)).toEqual(["tom@shop.example"]);
  const { member: tom } = await browser().signIn(box.mails[0]?.token ?? "", "Tom");
  expect(tom.email).toBe("tom@shop.example");
});

test("where the mail does not go out, whoever invites gets the link, and it proves nothing", async () => {
  const member = await memberOf(workspace, "owner");
  Object.assign(member.bindings, { MAIL_URL: "smtp://127.0.0.1:9?tls=none" });
  const json = { role: "editor", email: "tom@shop.example" };
  const made = await member.read("POST", "/v1/members/invitations", { json });
  expect(made).toMatchObject({ email: "tom@shop.example", mailed: false });
  const { member: tom } = await browser().signIn(made.url.split("#")[1], "Tom");
  expect(tom.email).toBeNull();
});
