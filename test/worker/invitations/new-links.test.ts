import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Link, Links } from "../../../shared/contract/links.ts";
import { dayMs, hourMs } from "../../../shared/time/durations.ts";
import { expectProblem, type Refusal } from "../problems.ts";
import { newWorkspace, requestUnlimited } from "../workspace.ts";
import {
  newLink,
  pathOf,
  post,
  responseOf,
  setUp,
  submit,
  submitted,
  workspace,
} from "./invitations-fixture.ts";

setUp();

test("a link says nothing of whom or what it is about, and fits into an SMS", async () => {
  const link = await newLink({
    respondent: "kim@example.com",
    properties: { ticket: "T-4711", agent: "Robin" },
    locale: "de",
  });
  expect(pathOf(link.url)).toMatch(/^\/r\/[\w-]{24}$/);
  const page = await (await requestUnlimited(`${pathOf(link.url)}?rating=3`)).text();
  const { at } = await submitted(pathOf(link.url), { rating: "3" });
  for (const text of [link.url, page, at, ...link.rating_urls.map(({ url }) => url)]) {
    for (const secret of ["kim@", "example.com", "T-4711", "Robin"]) expect(text).not.toContain(secret);
    // Not in base64 either, at any of the three offsets.
    for (const before of ["", " ", "  "])
      expect(text).not.toContain(btoa(`${before}kim@example.com`).slice(4, -4));
  }
  expect(await responseOf(link)).toMatchObject({
    rating: 3,
    respondent: "kim@example.com",
    properties: { ticket: "T-4711", agent: "Robin" },
    locale: "de",
  });
});

test("a thousand links are made in one call, each wrong one is refused by itself, and none twice", async () => {
  const links = Array.from({ length: 1000 }, (_, n) => ({
    touchpoint: "relationship",
    id: `ticket-${n}`,
    respondent: `customer-${n}`,
    properties: { n },
    ...(n === 7 && { touchpoint: "nowhere" }),
    ...(n === 8 && { expires_on: "2020-01-01" }),
    ...(n === 9 && { adress: "kim@example.com" }),
  }));
  const answer = await post({ links });
  expect(answer.status).toBe(200);
  const { results } = Links.parse(await answer.json());
  const made = results.filter((one) => one.status === "made");
  expect([results.length, made.length, new Set(made.map(({ url }) => url)).size]).toEqual([1000, 997, 997]);
  expect(results.slice(7, 10)).toMatchObject([
    { status: "refused", problem: { errors: [{ pointer: "/touchpoint" }] } },
    { status: "refused", problem: { errors: [{ pointer: "/expires_on" }] } },
    { status: "refused", problem: { errors: [{ pointer: "/adress" }] } },
  ]);
  const again = Links.parse(await (await post({ links })).json());
  expect(again.results).toEqual(results.map((one) => (one.status === "made" ? one : expect.anything())));
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM invitations").first()).toEqual({ n: 997 });
  const last = made.at(-1);
  await submit(pathOf(last?.url ?? ""), { rating: "9" });
  expect(await responseOf({ response: last?.response ?? "" })).toMatchObject({
    respondent: "customer-999",
    properties: { n: 999 },
  });
});

test("the same name is the same link, in its workspace alone, and never one to another survey", async () => {
  const [one, two] = [await newLink({ id: "ticket-1" }), await newLink({ id: "ticket-1" })];
  expect(two).toEqual(one);
  await expectProblem(await post({ touchpoint: "checkout", id: "ticket-1" }), "invalid-input", ["/id"]);
  const stranger = await newWorkspace();
  const foreign = Link.parse(
    await (await post({ touchpoint: "relationship", id: "ticket-1" }, stranger.write)).json(),
  );
  expect(foreign.url).not.toBe(one.url);
  expect(foreign.response).not.toBe(one.response);
});

test("the same name is never the link of another person, alone, in a list, or at once", async () => {
  const one = await newLink({ id: "t1", respondent: "Ann@shop.example" });
  expect(await newLink({ id: "t1", respondent: "ann@SHOP.example" })).toEqual(one);
  expect(await newLink({ id: "t1" })).toEqual(one);
  await newLink({ id: "t2" });
  for (const id of ["t1", "t2"]) {
    const other = await post({ touchpoint: "relationship", id, respondent: "bob-2" });
    await expectProblem(other, "invalid-input", ["/id"]);
  }
  const links = ["bob-2", "ann-1", "bob-2"].map((respondent) => ({
    touchpoint: "relationship",
    id: "t3",
    respondent,
  }));
  const { results } = Links.parse(await (await post({ links })).json());
  expect(results).toMatchObject([
    { status: "made" },
    { status: "refused", problem: { errors: [{ pointer: "/id" }] } },
    { status: "made" },
  ]);
  const atOnce = await Promise.all(
    ["ann-1", "bob-2"].map((respondent) => post({ touchpoint: "relationship", id: "t4", respondent })),
  );
  expect(atOnce.map(({ status }) => status).sort()).toEqual([201, 422]);
});

/** A name's id from before ids were keyed: anybody who has the name can compute it. */
async function unkeyedId(name: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${workspace.id}\0${name}`));
  return new Uint8Array(hash, 0, 9).toBase64({ alphabet: "base64url", omitPadding: true });
}

test("a name whose link was revoked, or whose person was erased, makes no link again, with a respondent or without", async () => {
  const kim = { id: "ticket-1", respondent: "kim@example.com" };
  const send = { id: "order-1", touchpoint: "relationship", email: kim.respondent };
  await newLink(kim);
  const revoked = await newLink({ id: "ticket-2" });
  const write = (method: string, path: string, json?: object) =>
    requestUnlimited(path, { method, key: workspace.write, ...(json && { json }) });
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await write("PATCH", "/v1/workspace", { mail });
  expect((await write("POST", "/v1/sends", send)).status).toBe(201);
  await write("DELETE", `/v1/invitations/${revoked.id}`);
  expect((await write("POST", "/v1/erasures", { respondent: kim.respondent })).status).toBe(200);
  for (const answer of [
    await post({ touchpoint: "relationship", ...kim }),
    await post({ touchpoint: "relationship", id: "ticket-1" }),
    await post({ touchpoint: "relationship", id: "ticket-2" }),
    await write("POST", "/v1/sends", send),
  ]) {
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("was revoked, or whose person was erased");
  }
});

test("a name tells the id of its invitation only to the deployment, also after its secret was changed, in either normalisation", async () => {
  const one = await newLink({ id: "josé-1" });
  expect(one.id).not.toBe(`inv_${await unkeyedId("josé-1")}`);
  expect(await newLink({ id: "josé-1".normalize("NFD") })).toEqual(one);
  const json = { touchpoint: "relationship", id: "josé-1" };
  const rotated = {
    CANDOR_SECRET: "a newer secret of 32 characters 99",
    CANDOR_OLD_SECRETS: env.CANDOR_SECRET,
  };
  const later = await requestUnlimited("/v1/links", { key: workspace.write, json }, env.DB, rotated);
  expect(Link.parse(await later.json()).id).toBe(one.id);
});

test("what was named before ids were keyed keeps its id, and is made no second time", async () => {
  const name = "José-2".normalize("NFD");
  const { response } = await newLink({ id: name });
  const id = await unkeyedId(name);
  await env.DB.prepare("UPDATE invitations SET id = ?1").bind(id).run();
  expect(await newLink({ id: name })).toMatchObject({ id: `inv_${id}`, response });
  const write = async (path: string, json: object, method = "POST") =>
    (await requestUnlimited(path, { key: workspace.write, method, json })).json<Record<string, unknown>>();
  const mail = { from: { address: "feedback@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await write("/v1/workspace", { mail }, "PATCH");
  const campaign = await write("/v1/campaigns", { name: "autumn", touchpoint: "relationship" });
  const add = (...emails: string[]) =>
    write(`/v1/campaigns/${campaign.id}/recipients`, { recipients: emails.map((email) => ({ email })) });
  await add("ann@shop.example");
  const unkeyed = await Promise.all(
    ["ann", "bob"].map((local) => unkeyedId(`${campaign.id} ${local}@shop.example`)),
  );
  const idsOf = async () => (await env.DB.prepare("SELECT invitation FROM mails").raw<[string]>()).flat();
  expect(await idsOf()).not.toEqual(unkeyed.slice(0, 1));
  const [keyed] = await idsOf();
  await env.DB.prepare("UPDATE invitations SET id = ?1 WHERE id = ?2").bind(unkeyed[0], keyed).run();
  await env.DB.prepare("UPDATE mails SET invitation = ?1").bind(unkeyed[0]).run();
  expect(await add("Ann@Shop.example", "bob@shop.example")).toMatchObject({ added: 1, duplicates: 1 });
  const ids = await idsOf();
  expect([ids.length, ...unkeyed.map((one) => ids.includes(one))]).toEqual([2, true, false]);
});

const refusals: Refusal[] = [
  ["an empty list", { links: [] }, ["/links"]],
  ["a list too long", { links: Array.from({ length: 1001 }, () => ({ touchpoint: "a" })) }, ["/links"]],
  ["a list and a link", { links: [{ touchpoint: "a" }], touchpoint: "a" }, ["/touchpoint"]],
  ["nothing", {}, ["/touchpoint"]],
  ["no day", { touchpoint: "relationship", expires_on: "2026-02-30" }, ["/expires_on"]],
  ["a day that is over", { touchpoint: "relationship", expires_on: "2020-01-01" }, ["/expires_on"]],
  [
    "a time that is over",
    { touchpoint: "relationship", expires_at: "2020-01-01T00:00:00Z" },
    ["/expires_at"],
  ],
  [
    "two ends",
    { touchpoint: "relationship", expires_on: "2026-12-01", expires_at: "2026-12-01T00:00:00Z" },
    ["/expires_on"],
  ],
  ["no zone", { touchpoint: "relationship", time_zone: "Mars/Olympus" }, ["/time_zone"]],
  ["another confirmation", { touchpoint: "relationship", confirm: "never" }, ["/confirm"]],
  ["no boolean", { touchpoint: "relationship", changeable: "no" }, ["/changeable"]],
  ["another field", { touchpoint: "relationship", adress: "kim@example.com" }, ["/adress"]],
];

test.each(refusals)("%s is refused by name", async (what, sent, pointers) => {
  await expectProblem(await post(sent), "invalid-input", pointers, what);
});

test("a link ends with its last local day, in the zone that is named or the workspace's", async () => {
  const on = new Date(Date.now() + 30 * dayMs).toISOString().slice(0, 10);
  const next = new Date(Date.parse(on) + dayMs).getTime();
  const endIn = async (zone?: string) => {
    const { expires_at: at } = await newLink({ expires_on: on, ...(zone && { time_zone: zone }) });
    return (Date.parse(at) - next) / hourMs;
  };
  expect(await endIn("Pacific/Kiritimati")).toBe(-14);
  expect(await endIn("Pacific/Pago_Pago")).toBe(11);
  expect(await endIn()).toBe(0);
  await requestUnlimited("/v1/workspace", {
    method: "PATCH",
    key: workspace.write,
    json: { time_zone: "Asia/Kathmandu" },
  });
  expect(await endIn()).toBe(-5.75);
});
