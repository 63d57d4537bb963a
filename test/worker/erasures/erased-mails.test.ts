import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Suppressions } from "../../../shared/contract/mail/mail.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { invitationCode, unsubscribeCode } from "../../../worker/invitations/codes.ts";
import { recordAndClaim } from "../../../worker/mail/db/claims.ts";
import { applyMailEvent } from "../../../worker/mail/db/mails.ts";
import { requestUnlimited } from "../workspace.ts";
import {
  address,
  erase,
  hashOf,
  placesOf,
  send,
  setUp,
  spelt,
  submit,
  workspace,
} from "./erasures-fixture.ts";

setUp();

test("a suppression of somebody who was erased still works, is listed, found by the address and taken back", async () => {
  await send("POST", "/v1/suppressions", { emails: [spelt] });
  await erase();
  const search = async () =>
    Suppressions.parse(await send("POST", "/v1/suppressions/search", { email: spelt })).data;
  const [found] = await search();
  expect(found).toMatchObject({ email: null, hash: await hashOf(address), reason: "manual" });
  expect((await send("GET", "/v1/suppressions")).data).toEqual([found]);
  // A new mail to the address is suppressed, whatever respondent id it names.
  const mail = () => send("POST", "/v1/sends", { email: spelt, respondent: "c-1", touchpoint: "checkout" });
  await mail();
  const claimed = await recordAndClaim(workspace.db, [], { claim: "c", maxMails: 1, turn: null }, Date.now());
  expect(claimed).toMatchObject([{ suppressed: 1 }]);
  const [known] = await search();
  expect(known).toMatchObject({ email: address, hash: null });
  await send("DELETE", `/v1/suppressions/${known?.id}`);
  expect(await search()).toEqual([]);
});

test("a send that is refused brings no erased address back", async () => {
  await send("POST", "/v1/suppressions", { emails: [address] });
  const order = { id: "order-1", touchpoint: "relationship" };
  await send("POST", "/v1/sends", { ...order, email: "bob@shop.example" });
  await send("POST", "/v1/links", { ...order, id: "order-2" });
  await erase();
  for (const refused of [order, { ...order, id: "order-2" }]) {
    const json = { ...refused, email: spelt };
    expect((await requestUnlimited("/v1/sends", { key: workspace.write, json })).status).toBe(422);
  }
  expect(await placesOf("5e1c@")).toEqual([]);
});

test("whoever was erased and unsubscribes by an old mail gets nothing more, under the address itself", async () => {
  const sent = await send("POST", "/v1/sends", {
    email: spelt,
    respondent: "c-1",
    touchpoint: "relationship",
  });
  const id = sent.id.slice(4);
  await env.DB.exec("UPDATE mails SET state = 'sent'");
  await erase();
  const gone = await requestUnlimited(`/r/${await invitationCode(env.CANDOR_SECRET, id)}`);
  expect(gone.status).toBe(410);
  await submit(`/u/${await unsubscribeCode(env.CANDOR_SECRET, id)}`, "");
  const { data } = Suppressions.parse(await send("POST", "/v1/suppressions/search", { email: address }));
  expect(data).toMatchObject([{ email: null, hash: await hashOf(address), reason: "unsubscribed" }]);
});

test("an unsubscription, bounce or complaint is of the address, also of a mail for an id whose response was erased before", async () => {
  const sends = [];
  for (const [n, suppress] of (["unsubscribed", "bounced", "complained"] as const).entries()) {
    const email = `${n}@shop.example`;
    const fields = { touchpoint: "relationship", time_zone: "Asia/Tokyo" };
    const { id, response } = await send("POST", "/v1/sends", {
      email,
      respondent: `customer-${n}`,
      ...fields,
    });
    sends.push({ email, suppress, response, invitation: id.slice(4) });
  }
  await env.DB.exec("UPDATE mails SET state = 'sent'");
  for (const { email, suppress, response, invitation } of sends) {
    await submit(`/r/${await invitationCode(env.CANDOR_SECRET, invitation)}`, "rating=3");
    await send("DELETE", `/v1/responses/${response}`);
    if (suppress === "unsubscribed")
      await submit(`/u/${await unsubscribeCode(env.CANDOR_SECRET, invitation)}`, "");
    else {
      const news = { invitation, reminder: 0, state: "bounced" as const, reason: null };
      expect(await applyMailEvent(workspace.db, { ...news, suppress }, Date.now())).toBe(true);
    }
    const { data } = Suppressions.parse(await send("POST", "/v1/suppressions/search", { email }));
    expect(data).toMatchObject([{ email: null, hash: await hashOf(email), reason: suppress }]);
    await send("POST", "/v1/sends", { email, touchpoint: "checkout" });
  }
  const claimed = await recordAndClaim(workspace.db, [], { claim: "c", maxMails: 9, turn: null }, Date.now());
  expect(claimed.map(({ suppressed }) => suppressed)).toEqual([1, 1, 1]);
  expect(await placesOf("customer-", "Tokyo")).toEqual([]);
});

test("a mail for an id that waits is held back by the unsubscription in a mail that was forgotten", async () => {
  const mail = (touchpoint: string) =>
    send("POST", "/v1/sends", { email: spelt, respondent: "customer-7", touchpoint });
  const { id, response } = await mail("relationship");
  await env.DB.exec("UPDATE mails SET state = 'sent'");
  const invitation = id.slice(4);
  await submit(`/r/${await invitationCode(env.CANDOR_SECRET, invitation)}`, "rating=3");
  await send("DELETE", `/v1/responses/${response}`);
  await mail("checkout");
  await submit(`/u/${await unsubscribeCode(env.CANDOR_SECRET, invitation)}`, "");
  const claimed = await recordAndClaim(workspace.db, [], { claim: "c", maxMails: 1, turn: null }, Date.now());
  expect(claimed).toMatchObject([{ suppressed: 1 }]);
});

test("a mail that is being sent while its person is erased leaves nothing of them behind, and is not sent again", async () => {
  for (const touchpoint of ["relationship", "checkout", "ticket-closed"])
    await send("POST", "/v1/sends", { email: spelt.replace("Canary", `Canary-${touchpoint}`), touchpoint });
  const now = Date.now();
  const mails = await recordAndClaim(workspace.db, [], { claim: "c", maxMails: 3, turn: null }, now);
  expect(mails).toHaveLength(3);
  for (const mail of mails) await erase(mail.address);
  const tried = { tried: true, dueAt: null, sentAt: null, remindAt: null, suppress: false };
  const reason = `550 ${address} is not here`;
  const [sent, refused, later] = mails.map((mail) => ({ ...tried, mail, reason }));
  if (!sent || !refused || !later) throw new Error("three were claimed");
  const results = [
    { ...sent, state: "sent" as const, sentAt: now, remindAt: now + 1 },
    { ...refused, state: "bounced" as const, suppress: true },
    { ...later, state: "waiting" as const, dueAt: now + 1 },
  ];
  const next = { claim: "d", maxMails: 9, turn: null };
  const claimed = await recordAndClaim(workspace.db, results, next, now + dayMs);
  expect(claimed).toEqual([]);
  expect(await placesOf("5e1c@")).toEqual([]);
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM askings").first("n")).toBe(0);
  const states = (await env.DB.prepare("SELECT state FROM mails ORDER BY state").all()).results;
  expect(states).toEqual([{ state: "bounced" }, { state: "sent" }, { state: "skipped" }]);
  const { data } = Suppressions.parse(await send("GET", "/v1/suppressions"));
  expect(data).toMatchObject([{ email: null, hash: await hashOf(refused.mail.address), reason: "bounced" }]);
});

test("another's mail loses a name and a reason that have the address, and is otherwise as it was", async () => {
  const fields = { touchpoint: "relationship", name: spelt };
  const named = await send("POST", "/v1/sends", { ...fields, email: "team@shop.example" });
  const bounced = await send("POST", "/v1/sends", { ...fields, email: "sales@shop.example", name: "Sales" });
  const other = await send("POST", "/v1/sends", {
    ...fields,
    email: "jo@shop.example",
    name: `jo${address}`,
  });
  await env.DB.exec("UPDATE mails SET state = 'sent'");
  const event = (invitation: string, reason: string) =>
    applyMailEvent(
      workspace.db,
      { invitation: invitation.slice(4), reminder: 0, state: "bounced", reason, suppress: null },
      Date.now(),
    );
  await event(bounced.id, `550 5.1.1 <${address}>: user unknown (forwarded)`);
  await event(other.id, "550 mailbox full");
  expect(await erase()).toMatchObject({ removed: { mails: 0, invitations: 0, texts: 0 } });
  const read = async ({ id }: { id: string }) => (await send("GET", `/v1/invitations/${id}`)).mail;
  expect(await read(named)).toMatchObject({ email: "team@shop.example" });
  expect(await read(bounced)).toMatchObject({ email: "sales@shop.example", reason: null });
  expect(await read(other)).toMatchObject({ email: "jo@shop.example", reason: "550 mailbox full" });
  const { results } = await env.DB.prepare("SELECT name FROM mails ORDER BY address").all();
  expect(results).toEqual([{ name: `jo${address}` }, { name: "Sales" }, { name: null }]);
});
