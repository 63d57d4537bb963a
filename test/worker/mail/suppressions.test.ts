import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import * as z from "zod";
import { unsubscribeCode } from "../../../worker/invitations/codes.ts";
import { doubtAbandoned, recordAndClaim } from "../../../worker/mail/db/claims.ts";
import { isWebhookSigned } from "../../../worker/secrets/secrets.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, requestUnlimited } from "../workspace.ts";
import { send, setUp, workspace, write } from "./mails-fixture.ts";

setUp();

test("nothing but a POST to its own link unsubscribes, and it does once and for all", async () => {
  const { id } = await write("POST", "/v1/sends", {
    email: "Ann@shop.example",
    touchpoint: "relationship",
    locale: "de",
  });
  const code = await unsubscribeCode(env.CANDOR_SECRET, id.slice(4));
  const page = await send(`/u/${code}`);
  expect([page.status, await page.text()]).toEqual([
    200,
    expect.stringContaining("Möchten Sie keine Umfragen mehr"),
  ]);
  for (const method of ["GET", "HEAD"]) for (let n = 0; n < 20; n += 1) await send(`/u/${code}`, { method });
  const listed = async () => (await write("GET", "/v1/suppressions")).data;
  expect(await listed()).toEqual([]);
  const form = { method: "POST", body: "List-Unsubscribe=One-Click" };
  const flips = [...code].map(
    (letter, at) => code.slice(0, at) + (letter === "A" ? "B" : "A") + code.slice(at + 1),
  );
  const others = [code.slice(0, -1), `${code}A`, "", "preview"];
  // The answer's link is signed for another purpose.
  const links = await write("POST", "/v1/links", { touchpoint: "relationship" });
  for (const wrong of [...flips, ...others, links.url.split("/r/")[1]])
    expect((await send(`/u/${wrong}`, form)).status, wrong).toBe(404);
  expect(await listed()).toEqual([]);
  for (let n = 0; n < 3; n += 1) {
    const done = await send(`/u/${code}`, form);
    expect([done.status, await done.text()]).toEqual([
      200,
      expect.stringContaining("Sie bekommen keine Umfragen mehr"),
    ]);
  }
  expect(await listed()).toMatchObject([{ email: "ann@shop.example", reason: "unsubscribed" }]);
  // Another workspace has its own list.
  const other = await newWorkspace();
  const theirs = await requestUnlimited("/v1/suppressions", { key: other.read });
  expect(await theirs.json()).toMatchObject({ data: [] });
});

test("the list of suppressions takes, finds and gives back addresses in whatever letters", async () => {
  await write("POST", "/v1/suppressions", { emails: ["Ann@Shop.example", "bob@bücher.example"] });
  const list = (query: string) => write("GET", `/v1/suppressions${query}`);
  const emails = ({ data }: { data: { email: string }[] }) => data.map(({ email }) => email);
  expect(emails(await list(""))).toEqual(["ann@shop.example", "bob@xn--bcher-kva.example"]);
  const search = (email: string) => write("POST", "/v1/suppressions/search", { email });
  const [ann] = (await search(" ANN@shop.example")).data;
  expect(ann).toMatchObject({ email: "ann@shop.example", hash: null, reason: "manual" });
  const first = await list("?limit=1");
  expect(emails(await list(`?limit=1&cursor=${first.next_cursor}`))).toEqual(["bob@xn--bcher-kva.example"]);
  // Ids and cursors contain no readable address.
  for (const text of [ann.id, first.next_cursor]) {
    const bytes = Uint8Array.fromBase64(text.slice(4), { alphabet: "base64url" });
    expect(new TextDecoder().decode(bytes)).not.toContain("shop.example");
  }
  await expectProblem(await send("/v1/suppressions?cursor=ann@shop.example"), "invalid-input", ["?cursor"]);
  const remove = async (id: string) => (await send(`/v1/suppressions/${id}`, { method: "DELETE" })).status;
  expect(await remove(ann.id)).toBe(204);
  // Removing nothing is reported.
  for (const id of [ann.id, "sup_x", "ANN@shop.example"]) expect(await remove(id), id).toBe(404);
  expect(emails(await list(""))).toEqual(["bob@xn--bcher-kva.example"]);
  expect(await remove((await search("bob@BÜCHER.example")).data[0].id)).toBe(204);
  expect((await search("bob@bücher.example")).data).toEqual([]);
});

const Taken = z.object({ taken: z.boolean() });

const secret = Uint8Array.fromBase64("dGVzdCBzZWNyZXQgb2YgZXZlbnRz");

async function event(body: string, { prefix = "webhook", ago = 0, flip = false, others = 1 } = {}) {
  const timestamp = String(Math.floor(Date.now() / 1000) - ago);
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`msg_1.${timestamp}.${body}`));
  const bytes = new Uint8Array(mac);
  if (flip) bytes[0] = (bytes[0] ?? 0) ^ 1;
  return requestUnlimited("/v1/mail/events", {
    body,
    headers: {
      [`${prefix}-id`]: "msg_1",
      [`${prefix}-timestamp`]: timestamp,
      [`${prefix}-signature`]: `${"v1,AAAA ".repeat(others)}v1,${bytes.toBase64()}`,
    },
  });
}

test("what a provider tells of a mail is believed with its signature, and decides what is sent later", async () => {
  const emails = ["a", "b", "c", "d"].map((name) => `${name}@shop.example`);
  const ids: string[] = [];
  for (const email of emails)
    ids.push((await write("POST", "/v1/sends", { email, touchpoint: "relationship" })).id.slice(4));
  await env.DB.exec("UPDATE mails SET state = 'sent'");
  const [a, b, c, d] = ids;
  const taken = async (answer: Response) => [answer.status, Taken.parse(await answer.json()).taken];
  const generic = (type: string, id = a) =>
    JSON.stringify({ type, message_id: `<${id}.0@shop.example>`, reason: "so it is" });
  const resend = (type: string, id: string | undefined, bounce?: object) =>
    JSON.stringify({ type: `email.${type}`, data: { email_id: "1", tags: { candor: `${id}_0` }, bounce } });
  expect(await taken(await event(generic("delivered")))).toEqual([200, true]);
  expect(
    await taken(
      await event(resend("bounced", b, { type: "Permanent", message: "no such user" }), { prefix: "svix" }),
    ),
  ).toEqual([200, true]);
  expect(await taken(await event(resend("bounced", c, { type: "Transient", message: "full" })))).toEqual([
    200,
    true,
  ]);
  expect(await taken(await event(generic("complained", d)))).toEqual([200, true]);
  expect(await taken(await event(generic("opened")))).toEqual([200, false]);
  expect(await taken(await event(generic("delivered", "AAAAAAAAAAAA")))).toEqual([200, false]);
  expect(
    await taken(await event(JSON.stringify({ type: "delivered", message_id: "<1@elsewhere.example>" }))),
  ).toEqual([200, false]);
  const { data } = await write("GET", "/v1/invitations");
  const states = Object.fromEntries(
    data.map(({ state, mail }: { state: string; mail: { email: string } }) => [mail.email[0], state]),
  );
  expect(states).toEqual({ a: "delivered", b: "bounced", c: "bounced", d: "unsubscribed" });
  expect((await write("GET", "/v1/suppressions")).data).toMatchObject([
    { email: "b@shop.example", reason: "bounced" },
    { email: "d@shop.example", reason: "complained" },
  ]);
  // A late delivery event does not undo the bounce.
  await event(generic("delivered", b));
  expect((await write("GET", `/v1/invitations/inv_${b}`)).state).toBe("bounced");
  const forged = [
    await event(generic("bounced"), { flip: true }),
    await event(generic("bounced"), { ago: 301 }),
    await event(generic("bounced"), { prefix: "other" }),
    // Each signature in the header costs time, so none behind a hundred others is checked.
    await event(generic("bounced"), { others: 125 }),
    await requestUnlimited("/v1/mail/events", { body: generic("bounced") }),
  ];
  expect(forged.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const given = { id: "1", timestamp, signatures: "v1,AAAA" };
  for (const unusable of ["", "whsec_", "whsec_no base64!"])
    expect(await isWebhookSigned(unusable, given, "{}", Date.now())).toBe(false);
  expect((await write("GET", `/v1/invitations/inv_${a}`)).state).toBe("delivered");
  expect((await event("not json")).status).toBe(400);
  // While a mail is being sent, its sender keeps the claim: nobody else sends to the same person meanwhile.
  const now = Date.now();
  await env.DB.exec("UPDATE mails SET state = 'sending', claim = 'c', claimed_at = 1");
  expect(await taken(await event(generic("delivered", a)))).toEqual([200, true]);
  await write("POST", "/v1/sends", { email: "a@shop.example", touchpoint: "checkout" });
  expect(
    await recordAndClaim(workspace.db, [], { claim: "other", maxMails: 5, turn: null }, now + 1000),
  ).toEqual([]);
  await doubtAbandoned(workspace.db, now);
  expect((await write("GET", `/v1/invitations/inv_${a}`)).state).toBe("delivered");
  expect((await write("GET", `/v1/invitations/inv_${b}`)).state).toBe("in_doubt");
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM askings").first("n")).toBe(4);
});
