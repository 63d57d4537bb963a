import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { dayMs } from "../../../shared/time/durations.ts";
import { invitationCode } from "../../../worker/invitations/codes.ts";
import { quietUntil } from "../../../worker/mail/attempt.ts";
import { expectProblem } from "../problems.ts";
import { mails, send, setUp, write } from "./mails-fixture.ts";

setUp();

test("a send is made once by its name, waits as long as it is told, and refuses what contradicts itself", async () => {
  const body = { email: "ann@shop.example", touchpoint: "relationship", id: "ticket-1" };
  const began = Date.now();
  const first = await write("POST", "/v1/sends", {
    ...body,
    wait_minutes: 120,
    name: "Ann",
    properties: { plan: "pro" },
  });
  const due = Date.parse(first.mail.due_at) - began;
  expect(due).toBeGreaterThanOrEqual(7_200_000);
  expect(due).toBeLessThan(7_205_000);
  expect(first).toMatchObject({
    state: "created",
    channel: "email",
    respondent: "ann@shop.example",
    properties: { plan: "pro" },
  });
  expect(await write("POST", "/v1/sends", body)).toEqual(first);
  expect(await mails()).toHaveLength(1);
  const elsewhere = { ...body, touchpoint: "checkout" };
  await expectProblem(await send("/v1/sends", { json: elsewhere }), "invalid-input", ["/id"]);
  const { id } = await write("POST", "/v1/links", { touchpoint: "relationship", id: "a link" });
  expect(id).toMatch(/^inv_/);
  await expectProblem(await send("/v1/sends", { json: { ...body, id: "a link" } }), "invalid-input", ["/id"]);
  expect(await write("POST", "/v1/sends", { ...body, email: "Ann@Shop.example" })).toEqual(first);
  for (const person of [{ email: "bob@shop.example" }, { respondent: "bob-2" }])
    await expectProblem(await send("/v1/sends", { json: { ...body, ...person } }), "invalid-input", ["/id"]);
  expect(await mails()).toHaveLength(1);
  const at = new Date(began + 91 * dayMs).toISOString();
  for (const [wrong, pointer] of [
    [{ wait_minutes: 1, send_at: "2030-01-01T00:00:00Z" }, "/wait_minutes"],
    [{ send_at: at, id: "late" }, "/send_at"],
    [{ template: "tpl_none", id: "other" }, "/template"],
    [{ touchpoint: "nowhere", id: "other" }, "/touchpoint"],
    [{ email: "nobody", id: "other" }, "/email"],
  ] as const)
    await expectProblem(await send("/v1/sends", { json: { ...body, ...wrong } }), "invalid-input", [pointer]);
});

test("a mail that is in doubt is listed, and sent again only when somebody says so", async () => {
  const { id } = await write("POST", "/v1/sends", { email: "ann@shop.example", touchpoint: "relationship" });
  expect((await send(`/v1/invitations/${id}/send`, { method: "POST" })).status).toBe(409);
  await env.DB.exec("UPDATE mails SET state = 'in_doubt', reason = 'The connection was lost', due_at = NULL");
  expect((await write("GET", "/v1/mail")).in_doubt).toBe(1);
  const { data } = await write("GET", "/v1/invitations?state=in_doubt");
  expect(data).toMatchObject([
    { id, mail: { email: "ann@shop.example", reason: "The connection was lost" } },
  ]);
  expect(await write("POST", `/v1/invitations/${id}/send`)).toMatchObject({
    state: "created",
    mail: { reason: null },
  });
});

test("whoever's response is erased is in no table any more, neither as asked nor as mailed", async () => {
  const canary = "canary-5e1c";
  const sent = await write("POST", "/v1/sends", {
    email: `${canary}@shop.example`,
    name: canary,
    touchpoint: "relationship",
    properties: { note: canary },
  });
  const code = await invitationCode(env.CANDOR_SECRET, sent.id.slice(4));
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const answered = await send(`/r/${code}`, {
    method: "POST",
    body: `rating=3&comment=${canary}`,
    headers: form,
  });
  expect(answered.status).toBe(303);
  const tables = (
    await env.DB.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    ).all<{ name: string }>()
  ).results.map(({ name }) => name);
  const found = async () => {
    const rows = await Promise.all(tables.map((name) => env.DB.prepare(`SELECT * FROM "${name}"`).all()));
    return tables.filter((_, index) => JSON.stringify(rows[index]?.results).includes(canary));
  };
  expect((await found()).sort()).toEqual(["invitations", "mails", "responses"]);
  await write("DELETE", `/v1/responses/${sent.response}`);
  expect(await found()).toEqual([]);
  expect(await write("GET", `/v1/invitations/${sent.id}`)).toMatchObject({
    state: "answered",
    respondent: null,
    properties: {},
    mail: { email: null },
  });
});

test("quiet hours end at the full hour of the recipient's clock, also when it changes", () => {
  const at = (text: string) => Date.parse(text);
  const until = (zone: string, text: string, quiet = { from: 21, to: 8 }) =>
    new Date(quietUntil(quiet, zone, at(text))).toISOString();
  expect(until("Europe/Berlin", "2026-11-26T12:00:00Z")).toBe("2026-11-26T12:00:00.000Z");
  expect(until("Europe/Berlin", "2026-11-26T20:00:00Z")).toBe("2026-11-27T07:00:00.000Z");
  expect(until("Europe/Berlin", "2026-11-26T06:59:59Z")).toBe("2026-11-26T07:00:00.000Z");
  // The night before March 29th lacks an hour.
  expect(until("Europe/Berlin", "2026-03-28T22:30:00Z")).toBe("2026-03-29T06:00:00.000Z");
  expect(until("Asia/Kathmandu", "2026-11-26T20:00:00Z")).toBe("2026-11-27T02:15:00.000Z");
  expect(until("Etc/UTC", "2026-11-26T12:30:00Z", { from: 12, to: 14 })).toBe("2026-11-26T14:00:00.000Z");
  expect(quietUntil(null, "Etc/UTC", at("2026-11-26T03:00:00Z"))).toBe(at("2026-11-26T03:00:00Z"));
});
