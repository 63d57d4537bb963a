import { expect, test } from "vitest";
import { type Role, roles } from "../../../shared/contract/members/members.ts";
import { type Endpoint, endpoints } from "../../../worker/http/endpoint.ts";
import { memberOf } from "../members/browser.ts";
import { newWorkspace } from "../workspace.ts";
import { memberRows } from "./matrix-members.ts";
import { peopleRows } from "./matrix-people.ts";
import type { Row } from "./matrix-row.ts";
import { settingRows } from "./matrix-settings.ts";
import { thingsOf } from "./matrix-things.ts";

const declared = new Map(endpoints.map((one) => [`${one.method.toUpperCase()} ${one.path}`, one]));
/** The routes that say who may call them. What is open is open to members as well. */
const rows = [...peopleRows, ...settingRows, ...memberRows].flatMap((row) => {
  const access = declared.get(row.route)?.access ?? "open";
  return access === "open" ? [] : [{ ...row, access }];
});

/** Who may do what, written down a second time: a change in worker/workspaces/access.ts alone fails here. */
const refused: Record<Role, readonly Endpoint["access"][]> = {
  analyst: ["respond", "write", "manage"],
  editor: ["respond", "manage"],
  owner: ["respond"],
};

const expectedOf = (role: Role, { access, statuses, signedIn }: Row & Pick<Endpoint, "access">): number => {
  if (access === "member") return signedIn ?? 0;
  if (refused[role].includes(access)) return 403;
  return access === "read" ? statuses.read : statuses.write;
};

test.each(roles)("a member who is %s is answered by every endpoint as the role has it", async (role) => {
  const workspace = await newWorkspace();
  const things = await thingsOf(workspace);
  // So that nobody is the only owner, who cannot go.
  await memberOf(workspace, "owner", "other");
  let member = await memberOf(workspace, role);
  for (const row of rows) {
    const json = row.json?.(things);
    const sending = json === undefined ? {} : { json };
    const answer = await member.send(row.route.split(" ")[0] ?? "", row.path(things), sending);
    const cell = `${row.route} as ${role}`;
    expect(answer.status, cell).toBe(expectedOf(role, row));
    expect(answer.headers.get("cache-control"), cell).toBe("private, no-store");
    expect(answer.headers.get("x-request-id"), cell).toMatch(/^[0-9a-f-]{36}$/);
    await answer.body?.cancel();
    // Some end the session.
    if (member.token === null) member = await memberOf(workspace, role);
  }
});

test("a member of another workspace finds nothing in this one", async () => {
  const workspace = await newWorkspace();
  const things = await thingsOf(workspace);
  const stranger = await memberOf(await newWorkspace(), "owner");
  stranger.workspace = workspace.id;
  for (const row of rows.filter(({ access }) => access !== "member")) {
    const json = row.json?.(things);
    const answer = await stranger.send(row.route.split(" ")[0] ?? "", row.path(things), json ? { json } : {});
    expect(answer.status, row.route).toBe(404);
    await answer.body?.cancel();
  }
});

test("what only owners may is keys, members, the workspace with its secrets, and what cannot be brought back", () => {
  const managed = rows.filter(({ access }) => access === "manage").map(({ route }) => route);
  expect(managed.sort()).toEqual([
    "DELETE /v1/keys/:id",
    "DELETE /v1/members/:member",
    "DELETE /v1/members/invitations/:invitation",
    "DELETE /v1/responses/:id",
    "DELETE /v1/samples",
    "DELETE /v1/touchpoints/:touchpoint/unconfirmed",
    "GET /v1/audit",
    "GET /v1/keys",
    "GET /v1/keys/:id",
    "GET /v1/members/invitations",
    "GET /v1/samples",
    "GET /v1/workspace",
    "PATCH /v1/keys/:id",
    "PATCH /v1/members/:member",
    "PATCH /v1/workspace",
    "POST /v1/erasures",
    "POST /v1/erasures/:erasure",
    "POST /v1/keys",
    "POST /v1/members/invitations",
    "POST /v1/members/invitations/:invitation/renew",
    "POST /v1/responses/batch",
    "POST /v1/samples",
  ]);
});
