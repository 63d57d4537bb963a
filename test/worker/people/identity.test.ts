import { expect, test } from "vitest";
import * as z from "zod";
import { Workspace } from "../../../shared/contract/keys.ts";
import { Response as ResponseShape } from "../../../shared/contract/responses.ts";
import { newWorkspace, request, type TestWorkspace } from "../workspace.ts";

const utf8 = new TextEncoder();

/** Signs as a host's own server does, using nothing of Candor but the secret. */
async function sign(secret: string, respondent: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", utf8.encode(secret), algorithm, false, ["sign"]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(respondent)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function secretOf(workspace: TestWorkspace): Promise<string> {
  const answer = await request("/v1/workspace", { key: workspace.write });
  return Workspace.parse(await answer.json()).identity_secret;
}

async function stored(workspace: TestWorkspace) {
  const answer = await request("/v1/responses", { key: workspace.read });
  return z.object({ data: z.array(ResponseShape) }).parse(await answer.json()).data;
}
const respondents = async (workspace: TestWorkspace) =>
  (await stored(workspace)).map(({ respondent }) => respondent);

const answerOf = (fields: object) => ({
  id: crypto.randomUUID(),
  touchpoint: "relationship",
  rating: 9,
  ...fields,
});
const send = (workspace: TestWorkspace, fields: object, key = workspace.publishable) =>
  request("/v1/responses", { key, json: answerOf(fields) });

test("a respondent whom the host's server has signed for is kept", async () => {
  const workspace = await newWorkspace();
  const respondent = "customer 42 ✓";
  const hash = await sign(await secretOf(workspace), respondent);
  expect((await send(workspace, { respondent, respondent_hash: hash })).status).toBe(201);
  expect((await send(workspace, { respondent, respondent_hash: hash.toUpperCase() })).status).toBe(201);
  expect(await respondents(workspace)).toEqual([respondent, respondent]);
});

test("a respondent without a valid signature is stored as anonymous, and counted", async () => {
  const workspace = await newWorkspace();
  const other = await newWorkspace();
  const secret = await secretOf(workspace);
  const valid = await sign(secret, "alice");
  const flipped = `${valid[0] === "0" ? "1" : "0"}${valid.slice(1)}`;
  const forged = [undefined, "", "00", valid.slice(2), `${valid}00`, flipped, "g".repeat(64)];
  const foreign = [await sign(await secretOf(other), "alice"), await sign(secret, "bob")];
  const hashes = [...forged, ...foreign];
  for (const hash of hashes)
    expect((await send(workspace, { respondent: "alice", respondent_hash: hash })).status).toBe(201);
  expect(await respondents(workspace)).toEqual(hashes.map(() => null));
  for (const { claimed_respondent: claimed } of await stored(workspace)) expect(claimed).toBe("alice");
  const score = await request("/v1/touchpoints/relationship/score", { key: workspace.read });
  expect(await score.json()).toMatchObject({ n: hashes.length });
});

test("a server with a write key is believed without a signature", async () => {
  const workspace = await newWorkspace();
  expect((await send(workspace, { respondent: "alice" }, workspace.write)).status).toBe(201);
  expect(await respondents(workspace)).toEqual(["alice"]);
});

test("a visitor cannot put another name under a response that has one", async () => {
  const workspace = await newWorkspace();
  const secret = await secretOf(workspace);
  const id = crypto.randomUUID();
  const named = async (respondent: string, revision: number) =>
    send(workspace, { id, revision, respondent, respondent_hash: await sign(secret, respondent) });
  await named("alice", 0);
  await named("mallory", 1);
  expect(await respondents(workspace)).toEqual(["alice"]);
});

test("each workspace has a secret of its own, which stays the same", async () => {
  const [one, two] = [await newWorkspace(), await newWorkspace()];
  expect(await secretOf(one)).toMatch(/^[0-9a-f]{64}$/);
  expect(await secretOf(one)).toBe(await secretOf(one));
  expect(await secretOf(one)).not.toBe(await secretOf(two));
});
