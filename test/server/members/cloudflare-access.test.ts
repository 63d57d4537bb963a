import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import { base64url, exportJWK, exportSPKI, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Server, startServer } from "../../harness.ts";
import { addMember, inSeconds, newKey, startTeam } from "./access-team.ts";

const mara = "mara@shop.example";

let team: Awaited<ReturnType<typeof startTeam>>;
let server: Server;
const logs: string[] = [];
beforeAll(async () => {
  team = await startTeam();
  server = await startServer({ vars: team.vars, onLog: (line) => logs.push(line) });
  await addMember(server, mara);
});
beforeEach(async () => {
  // A network has five tries a minute, and all of these are of one.
  await server.d1.exec("DELETE FROM sign_in_tries");
});
afterAll(async () => {
  await server.stop();
  await team.stop();
});

function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  { url } = server,
): Promise<Response> {
  const page = { origin: url, "content-type": "application/json" };
  return fetch(url + path, { method, headers: { ...page, ...headers } });
}
const signIn = (token: string | null, at = server) =>
  ask("POST", "/v1/sessions/access", token === null ? {} : { "cf-access-jwt-assertion": token }, at);

// biome-ignore lint/suspicious/noExplicitAny: a test asserts only the fields that it needs
const jsonOf = async (answer: Response): Promise<any> => await answer.json();

const rows = async (table: string, { d1 } = server) =>
  await d1.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first<number>("n");

/** Lets unknown keys be looked for at once. */
const noMinute: Plugin = {
  name: "no minute",
  setup({ onLoad }) {
    onLoad({ filter: /cloudflare-access\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      expect(source).toContain("cooldownDuration: minuteMs");
      return { contents: source.replace("cooldownDuration: minuteMs", "cooldownDuration: 0"), loader: "ts" };
    });
  },
};

/** What is left of a refusal without its id. */
async function refusal(token: string | null, at = server): Promise<string> {
  await at.d1.exec("DELETE FROM sign_in_tries");
  const answer = await signIn(token, at);
  expect(answer.headers.get("set-cookie")).toBeNull();
  const { request_id, ...said } = await jsonOf(answer);
  expect(said).toMatchObject({ type: "/docs#unauthorized", status: 401 });
  return JSON.stringify(said);
}

async function cookieOf(answer: Response): Promise<string> {
  expect(answer.status, await answer.clone().text()).toBe(201);
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

test("whom Access has let in with a member's proven address is signed in, in whatever spelling of it", async () => {
  for (const address of [mara, "Mara@SHOP.example"]) {
    const answer = await signIn(await team.token(address));
    const cookie = await cookieOf(answer);
    const { member, workspaces } = await jsonOf(answer);
    expect(member).toMatchObject({ id: `mbr_${mara}`, email: mara });
    expect(workspaces).toMatchObject([{ id: server.id, role: "owner" }]);
    const sessions = await jsonOf(await ask("GET", "/v1/sessions", { cookie }));
    expect(sessions.data).toContainEqual(expect.objectContaining({ is_this: true, means: "access" }));
  }
  expect(await rows("members")).toBe(1);
  expect(await rows("audit_entries")).toBe(0);
});

test("what Access did not sign for this deployment lets nobody in, and every refusal reads the same", async () => {
  await cookieOf(await signIn(await team.token(mara)));
  const before = await rows("sessions");
  const asked = team.asked();
  const payload = { aud: ["x"], iss: team.url, email: mara, exp: inSeconds(3600) };
  const { publicKey, kid } = team.key;
  const secret = new TextEncoder().encode(await exportSPKI(publicKey));
  const byPublicKey = (key: Uint8Array) =>
    new SignJWT({ ...payload, aud: team.vars.ACCESS_AUDIENCE })
      .setProtectedHeader({ alg: "HS256", kid })
      .sign(key);
  const unsigned = [
    { alg: "none", kid },
    { ...payload, aud: team.vars.ACCESS_AUDIENCE },
  ]
    .map((part) => base64url.encode(JSON.stringify(part)))
    .join(".");
  const good = await team.token(mara);
  const [head, body, signature = ""] = good.split(".");
  const forged = {
    expired: await team.token(mara, { exp: inSeconds(-1) }),
    "never ending": await team.token(mara, { exp: undefined }),
    early: await team.token(mara, { nbf: inSeconds(600) }),
    "another application": await team.token(mara, { aud: ["0".repeat(64)] }),
    "no application": await team.token(mara, { aud: undefined }),
    "another team": await team.token(mara, { iss: "https://other.cloudflareaccess.com" }),
    "another key of that id": await team.token(mara, {}, await newKey(kid)),
    none: `${unsigned}.`,
    "none, signed": `${unsigned}.${signature}`,
    "the public key as secret": await byPublicKey(secret),
    "its modulus as secret": await byPublicKey(base64url.decode((await exportJWK(publicKey)).n ?? "")),
    "another body": `${head}.${base64url.encode(JSON.stringify({ ...payload, email: "x" }))}.${signature}`,
    "no signature": `${head}.${body}.`,
    "no token": "x",
    "a service, without an address": await team.token(mara, { email: undefined, common_name: "ci" }),
    "no text": await team.token(mara, { email: { address: mara } }),
    "no member": await team.token("nobody@shop.example"),
    "part of an address": await team.token("%@shop.example"),
  };
  const said = await refusal(null);
  for (const [name, token] of Object.entries(forged)) expect(await refusal(token), name).toBe(said);
  expect(await rows("sessions")).toBe(before);
  expect(await rows("members")).toBe(1);
  expect(team.asked()).toBe(asked);
  expect(logs.join("\n")).not.toContain("shop.example");
  expect(logs.join("\n")).not.toContain(signature);
});

test("a key that is not known is looked for again, at most once a minute", async () => {
  const other = await startTeam();
  const fresh = await startServer({ vars: other.vars, onLog: () => undefined });
  await addMember(fresh, mara);
  await cookieOf(await signIn(await other.token(mara), fresh));
  expect(other.asked()).toBe(1);
  const next = await newKey("next");
  for (const _ of [1, 2, 3]) await refusal(await other.token(mara, {}, next), fresh);
  expect(other.asked()).toBe(1);
  await fresh.stop();
  // The same worker with a minute that is over at once.
  await other.show(next);
  const later = await startServer({ vars: other.vars, plugins: [noMinute], onLog: () => undefined });
  await addMember(later, mara);
  await cookieOf(await signIn(await other.token(mara), later));
  const newest = await newKey("newest");
  await refusal(await other.token(mara, {}, newest), later);
  await other.show(newest);
  await cookieOf(await signIn(await other.token(mara, {}, newest), later));
  expect(other.asked()).toBe(4);
  await later.stop();
  await other.stop();
});

test("a member of no workspace any more comes in nowhere, and who is deleted not at all", async () => {
  await addMember(server, "gone@shop.example");
  await server.d1.exec(
    "UPDATE memberships SET removed_at = 1 WHERE member_ref = (SELECT MAX(ref) FROM members)",
  );
  const answer = await signIn(await team.token("gone@shop.example"));
  const cookie = await cookieOf(answer);
  expect((await jsonOf(answer)).workspaces).toEqual([]);
  expect((await ask("GET", "/v1/surveys", { cookie, "candor-workspace": server.id })).status).toBe(404);
  for (const table of ["sessions", "memberships"])
    await server.d1.exec(`DELETE FROM ${table} WHERE member_ref = (SELECT MAX(ref) FROM members)`);
  await server.d1.exec("DELETE FROM members WHERE ref = (SELECT MAX(ref) FROM members)");
  await refusal(await team.token("gone@shop.example"));
});

test("Access alone does nothing that outlives the session, and ends the one that the browser had", async () => {
  const cookie = await cookieOf(await signIn(await team.token(mara)));
  const challenge = await ask("POST", "/v1/passkeys/challenge", { cookie });
  expect([challenge.status, (await jsonOf(challenge)).type]).toEqual([403, "/docs#sign-in-again"]);
  const token = { "cf-access-jwt-assertion": await team.token(mara) };
  const again = await cookieOf(await ask("POST", "/v1/sessions/access", { ...token, cookie }));
  expect(again).not.toBe(cookie);
  expect((await ask("GET", "/v1/session", { cookie })).status).toBe(401);
  expect((await ask("GET", "/v1/session", { cookie: again })).status).toBe(200);
});

test("it has the tries of every other way, and is for pages of this origin", async () => {
  const token = { "cf-access-jwt-assertion": await team.token(mara) };
  const others: Record<string, string>[] = [
    { origin: "https://evil.example" },
    { "content-type": "text/plain" },
  ];
  for (const headers of others)
    expect((await ask("POST", "/v1/sessions/access", { ...token, ...headers })).status).toBe(403);
  const tries = await Promise.all(Array.from({ length: 8 }, () => signIn(token["cf-access-jwt-assertion"])));
  expect(tries.map(({ status }) => status).sort()).toEqual([...Array(5).fill(201), ...Array(3).fill(429)]);
});

test("without its two settings the header says nothing", async () => {
  const token = await team.token(mara);
  const settings: Record<string, string>[] = [
    {},
    { ACCESS_TEAM_DOMAIN: team.url },
    { ...team.vars, ACCESS_TEAM_DOMAIN: "" },
  ];
  for (const vars of settings) {
    const plain = await startServer({ vars, onLog: () => undefined });
    await addMember(plain, mara);
    const asked = team.asked();
    await refusal(token, plain);
    expect(await (await ask("GET", "/app/login", {}, plain)).text()).not.toContain("data-by-access");
    expect(team.asked()).toBe(asked);
    await plain.stop();
  }
  expect(await (await ask("GET", "/app/login")).text()).toContain("data-by-access");
});

test("where the team's keys cannot be read it is an error of the deployment, and nobody is signed in", async () => {
  for (const team_domain of ["http://127.0.0.1:9", "http://shop.example", "not a domain"]) {
    const lost = await startServer({
      vars: { ...team.vars, ACCESS_TEAM_DOMAIN: team_domain },
      onLog: () => undefined,
    });
    await addMember(lost, mara);
    expect((await signIn(await team.token(mara), lost)).status, team_domain).toBe(500);
    await lost.stop();
  }
});
