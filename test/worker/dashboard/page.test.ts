import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import type { PageData } from "../../../shared/contract/dashboard.ts";
import { shownKey } from "../../../worker/workspaces/shown-key.ts";
import { memberOf } from "../members/browser.ts";
import { newWorkspace, request, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
let owner: Awaited<ReturnType<typeof memberOf>>;
beforeEach(async () => {
  workspace = await newWorkspace();
  owner = await memberOf(workspace, "owner", "Mara");
});

/** What the page carries for its script. */
async function dataFor(browser: typeof owner): Promise<PageData> {
  const answer = await browser.send("GET", `/app/w/${workspace.id}`);
  return JSON.parse(/id="page">(.*?)<\/script>/s.exec(await answer.text())?.[1] ?? "");
}

const made = (json: object) => owner.read("POST", "/v1/keys", { json });

test("the page shows the publishable key that was made first, to whatever member, while it works", async () => {
  // Those of commands are stored by their hashes alone.
  expect((await dataFor(owner)).key).toBe(null);
  await made({ name: "server", kind: "secret" });
  expect((await dataFor(owner)).key).toBe(null);
  const origins = ["https://shop.example"];
  const first = await made({ name: "Website", kind: "publishable", origins });
  await made({ name: "Blog", kind: "publishable" });
  const analyst = await memberOf(workspace, "analyst", "Eve");
  for (const browser of [owner, analyst])
    expect((await dataFor(browser)).key).toEqual({ id: first.id, name: "Website", key: first.key, origins });
  const headers = { origin: "https://shop.example" };
  expect((await request("/v1/ask?touchpoint=checkout", { key: first.key, headers })).status).toBe(200);
  await owner.read("DELETE", `/v1/keys/${first.id}`);
  expect((await dataFor(owner)).key?.name).toBe("Blog");
});

test("a key of an earlier secret is shown, and one of a secret that is lost is not", async () => {
  const { id, key } = await made({ name: "Website", kind: "publishable" });
  const shown = (...secrets: [string, ...string[]]) => shownKey(workspace.db, secrets, workspace.ref);
  expect(await shown("another", env.CANDOR_SECRET)).toMatchObject({ id, key });
  expect(await shown("another")).toBe(null);
});

test("no key of another workspace is shown", async () => {
  await made({ name: "Website", kind: "publishable" });
  const other = await newWorkspace();
  const stranger = await memberOf(other, "owner", "Sam");
  const answer = await stranger.send("GET", `/app/w/${other.id}`);
  expect(await answer.text()).toContain('"key":null');
});

test("the page says what the member may, and whether anybody has answered", async () => {
  const editor = await memberOf(workspace, "editor", "Eve");
  expect(await dataFor(editor)).toMatchObject({ role: "editor", answered: false });
  await owner.read("POST", "/v1/samples");
  expect((await dataFor(owner)).answered).toBe(false);
  const json = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 4 };
  expect((await request("/v1/responses", { key: workspace.write, json })).status).toBe(201);
  expect(await dataFor(owner)).toMatchObject({ role: "owner", answered: true });
});
