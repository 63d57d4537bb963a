import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PasskeyCreation, PasskeyRequest } from "../../../shared/contract/members/passkeys.ts";
import { minuteMs } from "../../../shared/time/durations.ts";
import { handleOf } from "../../../worker/members/passkeys.ts";
import { newWorkspace, type TestWorkspace } from "../workspace.ts";
import { Authenticator } from "./authenticator.ts";
import { Browser, linkOf, memberOf } from "./browser.ts";

let workspace: TestWorkspace;
let owner: Awaited<ReturnType<typeof memberOf>>;
let key: Authenticator;
beforeEach(async () => {
  workspace = await newWorkspace();
  owner = await memberOf(workspace, "owner");
  key = await Authenticator.make();
});
afterEach(() => {
  vi.useRealTimers();
});

const creation = async (browser: Browser = owner) =>
  PasskeyCreation.parse(await browser.read("POST", "/v1/passkeys/challenge"));
const request = async () =>
  PasskeyRequest.parse(await new Browser().read("POST", "/v1/sessions/passkeys/challenge"));
const add = (credential: unknown, browser: Browser = owner) =>
  browser.status("POST", "/v1/passkeys", { json: { name: "Laptop", credential } });
const added = async () => expect(await add(await key.create(await creation()))).toBe(201);
const signIn = (credential: unknown, browser = new Browser(workspace.id)) =>
  browser.status("POST", "/v1/sessions/passkeys", { json: { credential } });

test("a passkey is added in a session and signs in without a name, each use with a challenge of its own", async () => {
  const options = await creation();
  expect(options).toMatchObject({
    rp: { id: "candor.test" },
    user: { id: handleOf(owner.id), name: "owner" },
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  expect(await add(await key.create(options))).toBe(201);
  expect((await creation()).excludeCredentials).toEqual([
    { type: "public-key", id: key.id, transports: ["internal"] },
  ]);
  const browser = new Browser(workspace.id);
  const asked = await request();
  expect(asked).toMatchObject({ rpId: "candor.test", userVerification: "required" });
  expect(await signIn(await key.get({ ...asked, counter: 1 }, handleOf(owner.id)), browser)).toBe(201);
  const { member } = await browser.read("GET", "/v1/session");
  expect(member.id).toBe(owner.id);
  const { data } = await browser.read("GET", "/v1/passkeys");
  expect(data).toMatchObject([{ id: key.id, name: "Laptop", last_used_at: expect.any(String) }]);
});

test("a passkey that nobody names is called as its device is", async () => {
  const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  const json = { credential: await key.create(await creation()) };
  const { name } = await owner.read("POST", "/v1/passkeys", { json, headers: { "user-agent": agent } });
  expect(name).toBe("Firefox on Linux");
});

test("whatever is wrong with a new passkey, it is not added", async () => {
  const editor = await memberOf(workspace, "editor");
  const fresh = async () => (await creation()).challenge;
  const certificate = new Map<string, unknown>([
    ["alg", -7],
    ["sig", new Uint8Array(70)],
    ["x5c", [new Uint8Array(400)]],
  ]);
  const wrong = {
    "another's challenge": await key.create({ challenge: (await creation(editor)).challenge }),
    "a challenge to sign in": await key.create(await request()),
    "a challenge that nobody made": await key.create({ challenge: "A".repeat(80) }),
    "another origin": await key.create({ challenge: await fresh(), origin: "https://evil.example" }),
    "another host": await key.create({ challenge: await fresh(), host: "evil.example" }),
    "nobody recognised": await key.create({ challenge: await fresh(), flags: 65 }),
    "nobody there": await key.create({ challenge: await fresh(), flags: 68 }),
    "an answer to sign in": await key.create({ challenge: await fresh(), type: "webauthn.get" }),
    "certificates, whose addresses would be fetched": await key.create({ challenge: await fresh() }, [
      "packed",
      certificate,
    ]),
  };
  for (const [what, credential] of Object.entries(wrong)) expect(await add(credential), what).toBe(422);
  expect((await owner.read("GET", "/v1/passkeys")).data).toEqual([]);
  expect(await add(await key.create(await creation()), new Browser())).toBe(401);
});

test("whatever is wrong with a signature, nobody is signed in", async () => {
  await added();
  const stranger = await Authenticator.make();
  const fresh = async () => (await request()).challenge;
  const good = await key.get({ challenge: await fresh() });
  const forged = { ...(await stranger.get({ challenge: await fresh() })), id: key.id, rawId: key.id };
  const wrong = {
    "a challenge for a new passkey": await key.get(await creation()),
    "a challenge that nobody made": await key.get({ challenge: "A".repeat(80) }),
    "another origin": await key.get({ challenge: await fresh(), origin: "https://candor.test" }),
    "another host": await key.get({ challenge: await fresh(), host: "evil.example" }),
    "nobody recognised": await key.get({ challenge: await fresh(), flags: 1 }),
    "another's key": forged,
    "an unknown passkey": await stranger.get({ challenge: await fresh() }),
    "another member's handle": await key.get({ challenge: await fresh() }, handleOf("mbr_0")),
    "a changed signature": {
      ...good,
      // Not its last letter, which may say nothing: some of its bits lie beyond the last byte.
      response: { ...good.response, signature: good.response.signature.replace(/....$/, "AAAA") },
    },
    "no signature": { ...good, response: { ...good.response, signature: "" } },
  };
  for (const [what, credential] of Object.entries(wrong)) expect(await signIn(credential), what).toBe(422);
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM sessions").first("n")).toBe(1);
});

test("a challenge is good once, and for five minutes", async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  await added();
  const twice = await key.get(await request());
  expect((await Promise.all([signIn(twice), signIn(twice)])).sort()).toEqual([201, 422]);
  const late = await key.get(await request());
  vi.setSystemTime(Date.now() + 5 * minuteMs);
  expect(await signIn(late)).toBe(422);
  // Also where the first answer to it was wrong.
  const { challenge } = await request();
  expect(await signIn(await key.get({ challenge, flags: 1 }))).toBe(422);
  expect(await signIn(await key.get({ challenge }))).toBe(422);
});

test("a count that does not grow is a copy's, and two at once with the same one are one", async () => {
  await added();
  const counted = async (counter: number) => key.get({ ...(await request()), counter });
  expect(await signIn(await counted(5))).toBe(201);
  for (const counter of [5, 4, 0]) expect(await signIn(await counted(counter)), `${counter}`).toBe(422);
  const [one, two] = [await counted(6), await counted(6)];
  expect((await Promise.all([signIn(one), signIn(two)])).sort()).toEqual([201, 422]);
});

test("a passkey is its member's alone, and signs in no more once it is removed", async () => {
  await added();
  const editor = await memberOf(workspace, "editor");
  expect(await editor.status("DELETE", `/v1/passkeys/${key.id}`)).toBe(404);
  // The same credential is not another's too, under a key of theirs.
  expect(await add(await key.create(await creation(editor)), editor)).toBe(409);
  await owner.read("DELETE", `/v1/passkeys/${key.id}`);
  expect(await signIn(await key.get(await request()))).toBe(422);
});

const rename = (name: unknown, browser: Browser = owner, id = key.id) =>
  browser.status("PATCH", `/v1/passkeys/${id}`, { json: { name } });

test("a passkey is renamed by its member alone, to 1 to 64 letters, and signs in as before", async () => {
  await added();
  const json = { name: "  Mara's laptop " };
  const renamed = await owner.read("PATCH", `/v1/passkeys/${key.id}`, { json });
  expect(renamed).toMatchObject({ id: key.id, name: "Mara's laptop", last_used_at: null });
  expect((await owner.read("GET", "/v1/passkeys")).data).toEqual([renamed]);
  for (const wrong of ["", "  ", "x".repeat(65), 1, null, undefined])
    expect(await rename(wrong), String(wrong)).toBe(422);
  expect(await rename("Eve's", await memberOf(workspace, "owner", "Eve"))).toBe(404);
  expect(await rename("none's", owner, "none")).toBe(404);
  expect(await rename("nobody's", new Browser())).toBe(401);
  expect((await owner.read("GET", "/v1/passkeys")).data).toEqual([renamed]);
  expect(await rename("x".repeat(64))).toBe(200);
  expect(await signIn(await key.get({ ...(await request()), counter: 1 }))).toBe(201);
});

test("a new name of a passkey is written down where its member works, and what it is called is not", async () => {
  const there = await newWorkspace();
  const elsewhere = await memberOf(await newWorkspace(), "owner");
  const colleague = await memberOf(there, "owner");
  await owner.signIn(await linkOf("invitation", { workspace: there.ref, role: "analyst" }));
  await added();
  const noted = async (browser: Browser) =>
    (await browser.read("GET", "/v1/audit?what=passkey.renamed")).data;
  expect(await rename("Laptop")).toBe(200);
  expect(await rename("Mine", colleague)).toBe(404);
  expect(await noted(owner)).toEqual([]);
  expect(await rename("Mine")).toBe(200);
  for (const browser of [owner, colleague])
    expect(await noted(browser)).toMatchObject([{ by: { id: owner.id }, thing: owner.id, changes: [] }]);
  expect(await noted(elsewhere)).toEqual([]);
});

test("a passkey that is added or removed is written down once, and one that is not, not at all", async () => {
  const noted = async () =>
    (await owner.read("GET", "/v1/audit")).data
      .map(({ what }: { what: string }) => what)
      .filter((what: string) => what.startsWith("passkey."));
  const credential = await key.create(await creation());
  expect(await add(credential)).toBe(201);
  // The same once more, as a browser sends it whose answer was lost: its challenge is used up.
  expect(await add(credential)).toBe(422);
  const remove = (browser: Browser) => browser.status("DELETE", `/v1/passkeys/${key.id}`);
  expect(await remove(await memberOf(workspace, "owner", "Eve"))).toBe(404);
  expect(await noted()).toEqual(["passkey.added"]);
  expect(await remove(owner)).toBe(204);
  expect(await remove(owner)).toBe(404);
  expect(await noted()).toEqual(["passkey.removed", "passkey.added"]);
});

test("asking for challenges writes nothing", async () => {
  for (const _ of [1, 2, 3]) await request();
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM used_challenges").first("n")).toBe(0);
});
