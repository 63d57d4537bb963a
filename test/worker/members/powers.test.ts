import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { roles } from "../../../shared/contract/members/members.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";
import { Browser, memberOf } from "./browser.ts";

let workspace: TestWorkspace;
let owner: Awaited<ReturnType<typeof memberOf>>;
beforeEach(async () => {
  workspace = await newWorkspace();
  owner = await memberOf(workspace, "owner");
});

const joins = (url: string, name: string) =>
  new Browser().status("POST", "/v1/sessions", { json: { token: url.split("#")[1], name } });

test("nobody gives a role that may more than they: not by an invitation, a change, nor a removal taken back", async () => {
  const editor = await memberOf(workspace, "editor");
  const gone = await memberOf(workspace, "editor", "gone");
  await owner.read("DELETE", `/v1/members/${gone.id}`);
  const invited = await owner.read("POST", "/v1/members/invitations", { json: { role: "analyst" } });
  const key = workspace.writeOnly;
  for (const role of roles) {
    const json = { role };
    for (const [method, path] of [
      ["POST", "/v1/members/invitations"],
      ["PATCH", `/v1/members/${editor.id}`],
      ["PATCH", `/v1/members/${gone.id}`],
    ] as const)
      await expectProblem(await requestUnlimited(path, { method, key, json }), "forbidden");
  }
  const renewal = `/v1/members/invitations/${invited.id}/renew`;
  await expectProblem(await requestUnlimited(renewal, { method: "POST", key }), "forbidden");
  const { url, ...kept } = invited;
  expect((await owner.read("GET", "/v1/members/invitations")).data).toEqual([kept]);
  expect(await joins(url, "Ann")).toBe(201);
  const { data } = await owner.read("GET", "/v1/members");
  expect(data.map(({ role }: { role: string }) => role)).toEqual(["owner", "editor", "analyst"]);
  const both = await requestUnlimited("/v1/members/invitations", {
    key: workspace.write,
    json: { role: "owner" },
  });
  expect(both.status).toBe(201);
});

test("a key that may write and not read sees neither members, invitations, the log, keys nor secrets", async () => {
  const paths = ["/v1/members", "/v1/members/invitations", "/v1/audit", "/v1/keys", "/v1/workspace"];
  for (const path of paths)
    await expectProblem(await requestUnlimited(path, { key: workspace.writeOnly }), "forbidden");
});

test("the invitations that a key made end with the key, and no others", async () => {
  const made = await owner.read("POST", "/v1/keys", {
    json: { name: "stolen", kind: "secret", scopes: ["read", "write"] },
  });
  const byKey = await requestUnlimited("/v1/members/invitations", { key: made.key, json: { role: "owner" } });
  const stolen = await byKey.json<{ url: string }>();
  const kept = await owner.read("POST", "/v1/members/invitations", { json: { role: "editor" } });
  await owner.read("DELETE", `/v1/keys/${made.id}`);
  expect(await joins(stolen.url, "Eve")).toBe(422);
  expect(await joins(kept.url, "Tom")).toBe(201);
});

test("a removal says which keys the member made and still work", async () => {
  const gone = await memberOf(workspace, "owner", "gone");
  const make = (by: Browser, name: string) =>
    by.read("POST", "/v1/keys", { json: { name, kind: "secret", scopes: ["read"] } });
  const [one, two] = [await make(gone, "one"), await make(gone, "two")];
  await make(owner, "mine");
  await owner.read("DELETE", `/v1/keys/${two.id}`);
  expect(one.made_by).toBe(gone.id);
  expect(await owner.read("DELETE", `/v1/members/${gone.id}`)).toEqual({
    keys: [{ id: one.id, name: "one" }],
  });
  // What came with the workspace nobody made.
  const { data } = await owner.read("GET", "/v1/keys");
  expect(data[0].made_by).toBeNull();
});

test("and those that a key of theirs made, however many stand between, also archived ones", async () => {
  const gone = await memberOf(workspace, "owner", "gone");
  const json = { name: "first", kind: "secret", scopes: ["read", "write"] };
  const first = await gone.read("POST", "/v1/keys", { json });
  const made = await requestUnlimited("/v1/keys", { key: first.key, json: { ...json, name: "second" } });
  const second = await made.json<{ id: string }>();
  const archived = await owner.read("DELETE", `/v1/keys/${first.id}`);
  expect(archived.keys).toEqual([{ id: second.id, name: "second" }]);
  // Whoever has a key can make thousands, each by the one before.
  const between = 3000;
  await env.DB.prepare(
    `INSERT INTO keys (id, workspace_ref, name, kind, hash, last_four, scopes, created_at, archived_at, made_by)
     SELECT printf('key_%05d', value), ?1, 'x', 'secret', value, '', '[]', 0, IIF(value < ?2, 0, NULL),
       IIF(value = 1, ?3, printf('key_%05d', value - 1))
     FROM (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?2) SELECT value FROM n)`,
  )
    .bind(workspace.ref, between, second.id)
    .run();
  expect(await owner.read("DELETE", `/v1/members/${gone.id}`)).toEqual({
    keys: [
      { id: second.id, name: "second" },
      { id: `key_0${between}`, name: "x" },
    ],
  });
});
